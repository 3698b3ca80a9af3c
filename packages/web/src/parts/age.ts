const STEPS = [
  [60, 'second'],
  [60, 'minute'],
  [24, 'hour'],
  [7, 'day'],
  [4.35, 'week'],
  [12, 'month'],
  [Number.POSITIVE_INFINITY, 'year'],
] as const;
const SHORT = { second: 's', minute: 'min', hour: 'h', day: 'd', week: 'w', month: 'mo', year: 'y' } as const;

/** How long a time is, in its largest unit: 3 d. */
export function lengthOf(milliseconds: number): string {
  let amount = Math.max(0, milliseconds) / 1000;
  for (const [size, unit] of STEPS) {
    if (amount < size) return `${Math.floor(amount)} ${SHORT[unit]}`;
    amount /= size;
  }
  return '';
}

/** How long ago a moment was, or, as of another one, until it comes; what was seen is of no later time than now, whatever a clock said. */
export function ageOf(
  moment: number,
  { now, asOf }: { readonly now: number; readonly asOf: number },
): string {
  return asOf < moment && moment <= now ? `in ${lengthOf(moment - asOf)}` : lengthOf(asOf - moment);
}
