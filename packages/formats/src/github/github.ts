import { type Control, type CoverageEntry, type Finding, openFindings, type ScanReport } from '@bulwark/core';
import { inChunks } from '../chunks.ts';
import { adviceOf } from '../pretty/advice.ts';
import { counted } from '../pretty/noun.ts';
import { subjectOf } from '../pretty/place.ts';
import { defineFormat, type ReportOptions } from '../report-format.ts';
import { type Chosen, chooseFindings } from './choose.ts';
import { commandOf, type Kind } from './command.ts';

/** GitHub keeps the first ten annotations of each kind of a step, and drops the others without a word. */
const MOST_OF_A_KIND = 10;
/** Of the warnings, what could not be judged gets these first: a medium finding less is better than a silent loss. */
const MOST_LOST = 5;
const ADVICE_WIDTH = 200;

/** Annotations in pull requests: workflow commands that the runner of GitHub Actions obeys. */
export const github = defineFormat({
  id: 'github',
  title: 'Workflow commands, which GitHub shows as annotations beside the lines',
  speaksTo: 'github',
  write: (report, options) => inChunks(lines(report, options)),
});

function* lines(report: ScanReport, { showAll }: ReportOptions): Generator<string> {
  const lost = report.coverage.filter(({ kind }) => kind === 'lost');
  const shownLost = showAll ? lost : lost.slice(0, MOST_LOST);
  const left = lost.length - shownLost.length;
  const chosen = chooseFindings(report, {
    error: showAll ? Number.POSITIVE_INFINITY : MOST_OF_A_KIND,
    warning: showAll ? Number.POSITIVE_INFINITY : MOST_OF_A_KIND - shownLost.length,
    // One is kept for the sentence that says what is missing.
    notice: showAll ? Number.POSITIVE_INFINITY : MOST_OF_A_KIND - 1,
  });
  const missing = missingFrom(chosen, left);
  if (missing !== '') yield commandOf({ kind: 'notice', title: 'Bulwark shows the worst', lines: [missing] });
  for (const entry of shownLost) yield lostCommand(entry);
  const texts = new Map(report.controls.map((control) => [control.id, textsOf(control)]));
  for (const { kind, findings } of chosen)
    for (const finding of findings) yield findingCommand(kind, finding, texts.get(finding.control));
  yield `${closing(report, lost.length)}\n`;
}

/** What all annotations of a control say. */
interface ControlTexts {
  readonly title: string;
  readonly advice: string;
}

function textsOf({ id, title, remediation }: Control): ControlTexts {
  return { title: `${title} (${id})`, advice: adviceOf(remediation, ADVICE_WIDTH) };
}

function findingCommand(kind: Kind, finding: Finding, texts: ControlTexts | undefined): string {
  const { file, region, severity, message, requested } = finding;
  const isOneLine = region !== undefined && region.endLine === region.line;
  const request = requested === undefined ? [] : [`An exception is asked for: ${requested.reason}`];
  return commandOf({
    kind,
    file,
    line: region?.line,
    endLine: region === undefined ? undefined : Math.max(region.line, region.endLine),
    // GitHub drops the columns of what spans lines.
    col: isOneLine ? region.column : undefined,
    title: `${severity}: ${texts?.title ?? finding.control}`,
    lines: [
      file === undefined ? `${subjectOf(finding)}: ${message}` : message,
      ...(texts === undefined ? [] : [texts.advice]),
      ...request,
    ],
  });
}

function lostCommand({ file, line, column, reason, code }: CoverageEntry): string {
  return commandOf({
    kind: 'warning',
    file,
    line,
    col: column,
    title: `Not judged (${code})`,
    lines: [reason],
  });
}

function missingFrom(chosen: readonly Chosen[], lost: number): string {
  const parts = chosen.filter(({ left }) => left > 0).map(({ kind, left }) => counted(left, kind));
  if (lost > 0) parts.push(`${counted(lost, 'part')} of the input that could not be judged`);
  if (parts.length === 0) return '';
  return `Not annotated, because GitHub shows ten of each kind for a step: ${parts.join(', ')}.`;
}

/** The last line is for the log; its words are ours, so that it can be no command. */
function closing({ findings, totals }: ScanReport, lost: number): string {
  const open = openFindings(findings).length;
  const excepted = findings.length - open;
  const parts = [
    `${counted(open, 'finding')} in ${counted(totals.resources, 'object')}`,
    ...(excepted > 0 ? [`${excepted} under an exception`] : []),
    ...(lost > 0 ? [`${counted(lost, 'part')} of the input not judged`] : []),
  ];
  return `Bulwark: ${parts.join(', ')}.`;
}
