import { openFindings, type ScanReport } from '@bulwark/core';
import { inChunks } from '../chunks.ts';
import { defineFormat, type ReportOptions } from '../report-format.ts';
import { printClosing } from './closing.ts';
import { printCoverage } from './coverage.ts';
import { printFindings } from './findings.ts';
import { foldFindings } from './fold.ts';
import { printFrameworks } from './frameworks.ts';
import { counted } from './noun.ts';
import { Page } from './page.ts';

/** For a reader with little time: root causes, worst first, where they are and what to change; noise is counted. */
export const pretty = defineFormat({
  id: 'pretty',
  title: 'Text for people, by root cause, with what to change',
  write: (report, options) => inChunks(blocks(report, options)),
});

function* blocks(report: ScanReport, options: ReportOptions): Generator<string> {
  const page = new Page(options);
  const folded = foldFindings(report, options);
  if (openFindings(report.findings).length === 0)
    yield `${page.lines({ label: 'FOUND', style: 'strong', text: nothingFound(report) })}\n`;
  yield* printFindings(page, folded, options.showAll);
  yield* printFrameworks(page, report.frameworks);
  yield* printCoverage(page, report.coverage, options.showAll);
  yield* printClosing(page, report, { options, folded });
}

/** An empty list must not be taken for a clean bill: it says how much it is worth. */
function nothingFound({ totals, coverage, findings, withheld }: ScanReport): string {
  if (totals.resources === 0) return 'No Kubernetes object that could be judged.';
  if (coverage.some(({ kind }) => kind === 'lost'))
    return 'Nothing in what could be judged; the rest stands below.';
  if (withheld > 0) return `Nothing as severe as asked for; ${counted(withheld, 'finding')} below it.`;
  if (findings.length > 0) return 'Nothing that is not accepted already.';
  return 'Nothing that needs a change.';
}
