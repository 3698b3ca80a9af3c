import { type Exception, type FrameworkResult, REQUIREMENT_STATES, type ScanReport } from '@bulwark/core';
import { counted } from '../pretty/noun.ts';
import { placeOf } from '../pretty/place.ts';
import { prose } from './escape.ts';
import { name, sentence } from './groups.ts';
import { takeFitting } from './room.ts';

const MOST_LOST = 10;

/** What could not be judged: never folded, because silence would be praise. Notes are counted. */
export function coverageOf({ coverage }: ScanReport, room: number): string {
  const lost = coverage.filter(({ kind }) => kind === 'lost');
  const notes = coverage.length - lost.length;
  const noted = notes === 0 ? '' : `${counted(notes, 'note')} about the input in the full report.\n\n`;
  if (lost.length === 0) return noted;
  const items = lost.slice(0, MOST_LOST).map((entry) => {
    const place = placeOf(entry);
    return `- ${place === undefined ? '' : `${name(place)} `}${sentence(entry.reason)}\n`;
  });
  const { text, left } = takeFitting(items, room, lost.length);
  const more = left === 0 ? '' : `- and ${left} more\n`;
  return `**Not judged: ${counted(lost.length, 'part')} of the input.**\n\n${text}${more}\n${noted}`;
}

/** The decisions that accept findings, with how many each accepts. */
export function acceptedOf({ findings }: ScanReport, room: number): string {
  const uses = new Map<string, { readonly exception: Exception; count: number }>();
  let total = 0;
  for (const { exception } of findings) {
    if (exception === undefined) continue;
    total++;
    const key = `${exception.source}\n${exception.reason}`;
    const use = uses.get(key);
    if (use === undefined) uses.set(key, { exception, count: 1 });
    else use.count++;
  }
  if (total === 0) return '';
  const ranked = [...uses.values()].sort((a, b) => b.count - a.count);
  const { text, left } = takeFitting(ranked.map(useLine), room, ranked.length);
  const more = left === 0 ? '' : `- and ${counted(left, 'exception')} more\n`;
  const title = `${counted(total, 'finding')} accepted by ${counted(ranked.length, 'exception')}`;
  return `<details>\n<summary>${title}</summary>\n\n${text}${more}\n</details>\n\n`;
}

function useLine({ exception, count }: { readonly exception: Exception; readonly count: number }): string {
  const { reason, owner, until, source } = exception;
  const limits = [
    ...(owner === undefined ? [] : [`owner ${name(owner)}`]),
    ...(until === undefined ? ['without an end'] : [`until ${name(until)}`]),
    `in ${name(source)}`,
  ];
  return `- ${counted(count, 'finding')}: ${sentence(reason)} (${limits.join(', ')})\n`;
}

/** A line for each framework that was asked for. */
export function frameworksOf({ frameworks }: ScanReport, room: number): string {
  if (frameworks.length === 0) return '';
  const { text, left } = takeFitting(frameworks.map(frameworkLine), room, frameworks.length);
  return `${text}${left === 0 ? '' : `- and ${counted(left, 'framework')} more\n`}\n`;
}

function frameworkLine({ title, version, verdict, requirements }: FrameworkResult): string {
  const counts = REQUIREMENT_STATES.map((each) => ({
    each,
    count: requirements.filter((requirement) => requirement.verdict === each).length,
  }));
  const parts = counts.filter(({ count }) => count > 0).map(({ each, count }) => `${count} ${each}`);
  return `- ${prose(title)}, ${prose(version)}: **${verdict}** (requirements: ${parts.join(', ')})\n`;
}
