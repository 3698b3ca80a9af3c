import {
  countBySeverity,
  isAtLeast,
  openFindings,
  type ScanReport,
  SEVERITIES,
  type Severity,
} from '@bulwark/core';
import type { ReportOptions } from '../report-format.ts';
import { isCoverageFolded } from './coverage.ts';
import type { FoldedFindings } from './fold.ts';
import { judgedObjects } from './judged-objects.ts';
import { counted } from './noun.ts';
import type { Page } from './page.ts';

/** What was judged, what came of it, and what to do next. */
export function* printClosing(
  page: Page,
  report: ScanReport,
  { options, folded }: { readonly options: ReportOptions; readonly folded: FoldedFindings },
): Generator<string> {
  const text = [
    judged(report),
    found(report),
    repeated(folded),
    accepted(report),
    failing(report, options.failOn),
    lost(report),
  ].filter((sentence) => sentence !== '');
  yield page.lines({ label: 'JUDGED', style: 'strong', text: text.join(' ') });
  let label = 'NEXT';
  for (const [command, effect] of nextCommands(report, options, folded)) {
    yield page.lines({ label, style: 'strong', whole: command, text: effect });
    label = '';
  }
}

function judged({ totals, controls, kubernetes }: ScanReport): string {
  return `${judgedObjects(totals)} against ${counted(controls.length, 'control')} for Kubernetes ${kubernetes}.`;
}

function found({ findings }: ScanReport): string {
  const counts = countBySeverity(openFindings(findings));
  const parts = SEVERITIES.filter((severity) => counts[severity] > 0).map(
    (severity) => `${counts[severity]} ${severity}`,
  );
  return parts.length === 0 ? '' : `${parts.join(', ')}.`;
}

function repeated({ repeated: count }: FoldedFindings): string {
  if (count === 0) return '';
  return `${count} of the findings ${count === 1 ? 'is' : 'are'} not listed, because a more precise one is.`;
}

function accepted({ findings }: ScanReport): string {
  const count = findings.length - openFindings(findings).length;
  const requested = findings.filter((finding) => finding.requested !== undefined).length;
  const sentences = [
    count === 0 ? '' : `${counted(count, 'finding')} accepted by exceptions.`,
    requested === 0 ? '' : `An exception is asked for ${counted(requested, 'finding')}.`,
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function failing({ findings }: ScanReport, failOn: Severity | 'never'): string {
  if (failOn === 'never') return '';
  const count = openFindings(findings).filter(({ severity }) => isAtLeast(severity, failOn)).length;
  return count === 0
    ? ''
    : `The scan fails: ${count} of severity ${failOn}${failOn === 'critical' ? '' : ' or worse'}.`;
}

function lost({ coverage }: ScanReport): string {
  const count = coverage.filter(({ kind }) => kind === 'lost').length;
  return count === 0 ? '' : `${count} lost.`;
}

function* nextCommands(
  { coverage, findings }: ScanReport,
  { command, fixCommand, explainCommand = 'bulwark explain', showAll }: ReportOptions,
  { shown, beyond, minor }: FoldedFindings,
): Generator<readonly [command: string, effect: string]> {
  const worst = shown[0]?.control ?? minor[0]?.groups[0]?.control;
  if (worst !== undefined) yield [`${explainCommand} ${worst.id}`, 'says why it matters and what to change'];
  const fixable = openFindings(findings).filter(({ isFixable }) => isFixable).length;
  if (fixable > 0 && fixCommand !== undefined)
    yield [fixCommand, `offers edits for up to ${counted(fixable, 'finding')}, each proven by a second scan`];
  const isFolded = beyond.length + minor.length > 0 || shown.some(({ findings }) => findings.length > 1);
  if (!showAll && (isFolded || isCoverageFolded(coverage)))
    yield [`${command} --all`, 'shows what is folded here'];
}
