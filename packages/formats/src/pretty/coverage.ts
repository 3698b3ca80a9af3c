import type { CoverageEntry } from '@bulwark/core';
import { counted } from './noun.ts';
import type { Page } from './page.ts';
import { placeOf } from './place.ts';

const MOST_LOST = 5;

/** What was not judged, and what is worth knowing of what was. Lost entries are shown always: silence would be praise. */
export function* printCoverage(
  page: Page,
  coverage: readonly CoverageEntry[],
  showAll: boolean,
): Generator<string> {
  const lost = coverage.filter(({ kind }) => kind === 'lost');
  const notes = coverage.filter(({ kind }) => kind === 'note');
  if (lost.length > 0) {
    const parts = `${counted(lost.length, 'part')} of the input could not be judged:`;
    yield page.lines({ label: 'LOST', style: 'lost', text: parts });
    const shown = showAll ? lost : lost.slice(0, MOST_LOST);
    for (const entry of shown) yield entryLines(page, entry);
    if (shown.length < lost.length) yield page.lines({ text: `and ${lost.length - shown.length} more` });
  }
  if (notes.length > 0) {
    const text = `${counted(notes.length, 'note')}: ${countsByCode(notes)}`;
    yield page.lines({ label: 'NOTE', text });
    if (showAll) for (const entry of notes) yield entryLines(page, entry);
  }
  if (coverage.length > 0) yield '\n';
}

/** Whether `printCoverage` folds any of it. */
export function isCoverageFolded(coverage: readonly CoverageEntry[]): boolean {
  const lost = coverage.filter(({ kind }) => kind === 'lost').length;
  return lost > MOST_LOST || lost < coverage.length;
}

function entryLines(page: Page, entry: CoverageEntry): string {
  const whole = placeOf(entry);
  return page.lines({ ...(whole !== undefined && { whole }), text: entry.reason });
}

function countsByCode(entries: readonly CoverageEntry[]): string {
  const counts = new Map<string, number>();
  for (const { code } of entries) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || (a < b ? -1 : 1))
    .map(([code, count]) => `${count} ${code}`)
    .join(', ');
}
