import type { Finding, FindingGroup, Severity } from '@bulwark/core';
import { adviceOf } from '../pretty/advice.ts';
import { type FoldedFindings, findingsIn } from '../pretty/fold.ts';
import { counted, nounOf } from '../pretty/noun.ts';
import { othersOf, placeOfFinding, subjectOf } from '../pretty/place.ts';
import { pointsOf, whyOf } from '../pretty/rank.ts';
import { code, prose } from './escape.ts';
import { clip, type Fitting, takeFitting } from './room.ts';

const LONGEST_SENTENCE = 240;
const LONGEST_PLACE = 160;
const ADVICE_WIDTH = 400;
const MOST_PLACES = 10;

/** Shapes beside the words, so that no meaning hangs on a colour. */
const SHAPES: Readonly<Record<Severity, string>> = {
  critical: '◆',
  high: '▲',
  medium: '●',
  low: '○',
  info: '·',
};

/** A sentence with names from the input, cut to a length that leaves room for others. */
export function sentence(text: string): string {
  return prose(clip(text, LONGEST_SENTENCE));
}

/** A place or a name from the input. */
export function name(text: string): string {
  return code(clip(text, LONGEST_PLACE));
}

/** A table of root causes, worst first, and sentences about what is not in it. */
export function tableOf(folded: FoldedFindings, room: number): string {
  const { shown } = folded;
  if (shown.length === 0) return foldedText(folded, 0);
  const head = '| | Root cause | Where |\n| :-- | :-- | :-- |\n';
  const { text, left } = takeFitting(shown.map(rowOf), room - head.length, shown.length);
  return `${head}${text}\n${foldedText(folded, left)}`;
}

function rowOf(group: FindingGroup): string {
  const { control, findings } = group;
  const [first] = findings;
  if (first === undefined) return '';
  const place = placeOfFinding(first) ?? subjectOf(first);
  const severity = `${SHAPES[control.severity]}&nbsp;**${control.severity}**`;
  return `| ${severity} | ${headline(group)}<br>${[name(control.id), pointsOf(group)].filter((part) => part !== '').join(', ')} | ${name(place)}${othersOf(findings)} |\n`;
}

function headline(group: FindingGroup): string {
  const [first] = group.findings;
  if (group.subjects === 1 && first !== undefined) return sentence(first.message.replace(/\.$/, ''));
  return sentence(`${group.subjects} ${nounOf(group)} ${group.control.problem}`);
}

function foldedText({ beyond, minor, shown, repeated }: FoldedFindings, left: number): string {
  const rest = [...shown.slice(shown.length - left), ...beyond];
  const parts = minor.map(({ severity, groups }) => counted(findingsIn(groups), `${severity} finding`));
  if (rest.length > 0)
    parts.unshift(`${counted(findingsIn(rest), 'finding')} of ${counted(rest.length, 'other root cause')}`);
  if (repeated > 0) parts.push(`${counted(repeated, 'finding')} that a more precise one repeats`);
  return parts.length === 0 ? '' : `Not listed: ${parts.join(', ')}.\n\n`;
}

/** Folded blocks, one for each root cause, with what to change and every place that there is room for. */
export function detailsOf({ shown }: FoldedFindings, room: number): Fitting {
  return takeFitting(blocks(), room, shown.length);

  function* blocks(): Generator<string> {
    for (const group of shown) yield blockOf(group);
  }
}

function blockOf(group: FindingGroup): string {
  const { control, findings } = group;
  const why = whyOf(group);
  const places = findings.slice(0, MOST_PLACES).map(placeLine).join('');
  const left = findings.length - MOST_PLACES;
  return [
    `<details>\n<summary>${counted(findings.length, 'finding')} of ${elementOf(control.id)}</summary>\n\n`,
    why === '' ? '' : `${sentence(why)}\n\n`,
    `${prose(adviceOf(control.remediation, ADVICE_WIDTH))}\n\n`,
    places,
    left > 0 ? `- and ${left} more\n` : '',
    '\n</details>\n\n',
  ].join('');
}

/** Markdown is not read in a summary, so the code there is an element. */
function elementOf(id: string): string {
  return `<code>${clip(id, LONGEST_PLACE).replace(/[^\w -]/gu, '?')}</code>`;
}

function placeLine(finding: Finding): string {
  const place = placeOfFinding(finding) ?? subjectOf(finding);
  const request =
    finding.requested === undefined
      ? ''
      : ` An exception is asked for: ${sentence(finding.requested.reason)}`;
  return `- ${name(place)} ${sentence(finding.message)}${request}\n`;
}
