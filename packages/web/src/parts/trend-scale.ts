/** The end of an axis for figures up to the greatest: a round number that two halves divide, never below it. */
export function endOfAxis(greatest: number): number {
  if (greatest <= 2) return 2;
  const size = 10 ** Math.floor(Math.log10(greatest));
  const ends = [1, 2, 2.5, 3, 4, 5, 6, 8, 10].map((step) => step * size).filter((end) => end % 2 === 0);
  return ends.find((end) => end >= greatest) ?? 10 * size;
}

/** How a number of open findings compares with an earlier one: fewer are better. */
export function directionOf(first: number, last: number): 'better' | 'worse' | 'no change' {
  if (last === first) return 'no change';
  return last < first ? 'better' : 'worse';
}

/** The last moment of a day, in which the trend counts what was open. */
export function endOfDay(day: string): string {
  return `${day}T23:59:59.999Z`;
}
