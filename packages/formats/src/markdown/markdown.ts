import { countBySeverity, isAtLeast, openFindings, type ScanReport, SEVERITIES } from '@bulwark/core';
import { foldFindings } from '../pretty/fold.ts';
import { judgedObjects } from '../pretty/judged-objects.ts';
import { counted } from '../pretty/noun.ts';
import { defineFormat, type ReportOptions } from '../report-format.ts';
import { detailsOf, name, tableOf } from './groups.ts';
import { acceptedOf, coverageOf, frameworksOf } from './rest.ts';

/** GitHub takes no longer comment; the rest is for the words of its own with which a workflow may surround it. */
const MOST = 65_536 - 1024;
const MOST_COVERAGE = 12_000;
const MOST_FRAMEWORKS = 6000;
const MOST_ACCEPTED = 8000;
const MOST_TABLE = 24_000;
/** A workflow finds its earlier comment by it, to replace it. */
const MARK = '<!-- bulwark -->';

/** A comment for a pull request, or the summary of a job: short, by root cause, with the details folded. */
export const markdown = defineFormat({
  id: 'markdown',
  title: 'Markdown for a comment on a pull request or the summary of a job',
  *write(report, options) {
    yield page(report, options);
  },
});

/**
 * The page is short by construction, so it is one chunk. Each part gets its room in the order of what must not be
 * missing; the details of single findings take what is left.
 */
function page(report: ScanReport, options: ReportOptions): string {
  const folded = foldFindings(report, options);
  const head = `${MARK}\n## Bulwark: ${verdict(report, options)}\n\n${judged(report)}\n\n`;
  const coverage = coverageOf(report, MOST_COVERAGE);
  const table = tableOf(folded, MOST_TABLE);
  const frameworks = frameworksOf(report, MOST_FRAMEWORKS);
  const accepted = acceptedOf(report, MOST_ACCEPTED);
  const [worst] = folded.shown;
  const next =
    worst === undefined
      ? ''
      : `${name(`${options.explainCommand ?? 'bulwark explain'} ${worst.control.id}`)} says why it matters.\n`;
  const others = head + coverage + table + frameworks + accepted + next;
  const details = detailsOf(folded, MOST - others.length);
  const more = details.left === 0 ? '' : `${counted(details.left, 'root cause')} without details here.\n\n`;
  return head + coverage + table + details.text + more + frameworks + accepted + next;
}

function verdict({ findings, totals, coverage }: ScanReport, { failOn }: ReportOptions): string {
  const open = openFindings(findings);
  if (findings.length > 0 && open.length === 0) return 'nothing found that is not accepted';
  if (open.length === 0)
    return nothingFound(
      totals.resources,
      coverage.some(({ kind }) => kind === 'lost'),
    );
  const failing = open.filter(({ severity }) => failOn !== 'never' && isAtLeast(severity, failOn)).length;
  if (failing === 0) return `${counted(open.length, 'finding')}, none of which fails the scan`;
  return `the scan fails on ${counted(failing, 'finding')}`;
}

function nothingFound(resources: number, isLost: boolean): string {
  if (resources === 0) return 'no Kubernetes object that could be judged';
  return isLost ? 'nothing found in what could be judged' : 'nothing found that needs a change';
}

function judged({ findings, totals, controls, kubernetes, withheld }: ScanReport): string {
  const counts = countBySeverity(openFindings(findings));
  const found = SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${severity}`)
    .join(', ');
  const sentences = [
    ...(found === '' ? [] : [`**${found}.**`]),
    ...(withheld > 0 ? [`${counted(withheld, 'finding')} below the severity that was asked for.`] : []),
    `${judgedObjects(totals)} judged by ${counted(controls.length, 'control')} for Kubernetes ${name(kubernetes)}.`,
  ];
  return sentences.join(' ');
}
