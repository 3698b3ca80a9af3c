import type { Severity } from '@bulwark/core';

/** What is known of a root cause: one control, wherever it is violated. */
export interface RootCause {
  readonly severity: Severity;
  /** How many different objects have to change; at least one. */
  readonly objects: number;
  /** Of these, how many are open to the Internet. */
  readonly exposed: number;
  readonly production: number;
  /** In a test, development or sandbox environment. */
  readonly test: number;
  readonly crownJewels: number;
  readonly nonCritical: number;
  /** How many findings have a patch. */
  readonly fixable: number;
}

/** One line of a rank, in whole points. */
export interface RankLine {
  readonly label: string;
  readonly points: number;
}

const SEVERITY_POINTS: Readonly<Record<Severity, number>> = {
  critical: 60,
  high: 35,
  medium: 15,
  low: 5,
  info: 1,
};
const MOST_FOR_BREADTH = 20;

function some(count: number, of: number, what: string): string {
  return count === of ? `all ${what}` : `${count} of ${of} ${what}`;
}

/**
 * Ranks a root cause. Every line is shown, and they add up to the points: what it lets an attacker do, how many objects
 * carry it, and what is known of where they run. Unknown is worth nothing, in either direction. The environment and the
 * importance of the worst object count, as one open door is enough; only what is in test altogether falls. (risk.md 5b)
 */
export function rankRootCause(cause: RootCause): {
  readonly points: number;
  readonly lines: readonly RankLine[];
} {
  const { severity, objects, exposed, production, test, crownJewels, nonCritical, fixable } = cause;
  const lines: RankLine[] = [{ label: `${severity} control`, points: SEVERITY_POINTS[severity] }];
  const breadth = Math.min(MOST_FOR_BREADTH, Math.round(4 * Math.log2(objects)));
  if (breadth > 0) lines.push({ label: `found in ${objects} objects`, points: breadth });
  if (exposed > 0) lines.push({ label: `${some(exposed, objects, 'open to the Internet')}`, points: 20 });
  if (crownJewels > 0) lines.push({ label: some(crownJewels, objects, 'a crown jewel'), points: 15 });
  if (production > 0) lines.push({ label: some(production, objects, 'in production'), points: 5 });
  if (test === objects) lines.push({ label: 'in test environments only', points: -15 });
  if (nonCritical === objects) lines.push({ label: 'in non-critical applications only', points: -10 });
  if (fixable > 0) lines.push({ label: 'a patch is offered', points: 3 });
  return { points: lines.reduce((sum, line) => sum + line.points, 0), lines };
}
