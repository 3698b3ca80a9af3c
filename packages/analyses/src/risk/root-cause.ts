import type { Rank, RankLine, Severity } from '@bulwark/core';
import type { RiskReason } from './risk-reason.ts';

/** What is known of a root cause: one control, wherever it is violated. */
export interface RootCause {
  readonly severity: Severity;
  /** How many different objects have to change; at least one. */
  readonly objects: number;
  /** Of these, how many are workloads that are open to the Internet. */
  readonly exposed: number;
  /** The one of them that is in most danger, or is most dangerous; undefined where none is a workload. */
  readonly riskiest: RiskiestObject | undefined;
  readonly production: number;
  /** In a test, development or sandbox environment. */
  readonly test: number;
  /** Of which nothing says in what environment they are. */
  readonly unknownEnvironment: number;
  readonly crownJewels: number;
  readonly nonCritical: number;
  /** Of which nothing says how much depends on them. */
  readonly unknownCriticality: number;
  /** How many findings have a patch. */
  readonly fixable: number;
}

/** The workload of a root cause whose own circumstances weigh most. */
export interface RiskiestObject {
  /** As people call it: `Deployment shop/cart`. */
  readonly name: string;
  readonly reasons: readonly Pick<RiskReason, 'points' | 'text'>[];
}

const SEVERITY_POINTS: Readonly<Record<Severity, number>> = {
  critical: 60,
  high: 35,
  medium: 15,
  low: 5,
  info: 1,
};
const MOST_FOR_BREADTH = 20;
/** What is so of most workloads, as that the whole cluster reaches them, is no reason to begin with one. */
const WORTH_A_SENTENCE = 5;

function some(count: number, of: number, what: string): string {
  return count === of ? `all ${what}` : `${count} of ${of} ${what}`;
}

/**
 * Ranks a root cause. Every line is shown, and they add up to the points: what it lets an attacker do, how many objects
 * carry it, who reaches the worst of them and what that one reaches, and what is known of where they run. Where something
 * is counts at most as much as what it is, so that no trifle comes before a danger. Unknown is worth nothing, in either
 * direction. The environment and the importance of the worst object count, as one open door is enough; only what is in
 * test altogether falls. (risk.md 5b)
 */
export function rankRootCause(cause: RootCause): Rank {
  const { severity, objects, production, test, crownJewels, nonCritical, fixable } = cause;
  const lines: RankLine[] = [{ label: `${severity} control`, points: SEVERITY_POINTS[severity] }];
  const breadth = Math.min(MOST_FOR_BREADTH, Math.round(4 * Math.log2(objects)));
  if (breadth > 0) lines.push({ label: `found in ${objects} objects`, points: breadth });
  lines.push(...circumstances(cause));
  if (crownJewels > 0) lines.push({ label: some(crownJewels, objects, 'a crown jewel'), points: 15 });
  if (production > 0) lines.push({ label: some(production, objects, 'in production'), points: 5 });
  if (test === objects) lines.push({ label: 'in test environments only', points: -15 });
  if (nonCritical === objects) lines.push({ label: 'in non-critical applications only', points: -10 });
  if (fixable > 0) lines.push({ label: 'a patch is offered', points: 3 });
  return { points: sum(lines), lines, why: whyOf(cause), unknown: unknownOf(cause) };
}

function circumstances({ severity, objects, exposed, riskiest }: RootCause): RankLine[] {
  if (riskiest === undefined) return [];
  const others = exposed > 1 ? ` (${exposed} of ${objects} are open to the Internet)` : '';
  const lines = riskiest.reasons
    .filter(({ points }) => points !== 0)
    .map(({ points, text }, index) => ({
      label: `${riskiest.name}: ${text}${index === 0 ? others : ''}`,
      points,
    }));
  const excess = sum(lines) - SEVERITY_POINTS[severity];
  if (excess > 0)
    lines.push({ label: `where it is counts at most as much as a ${severity} control`, points: -excess });
  return lines;
}

function whyOf({ riskiest }: RootCause): string | undefined {
  const [first, ...more] = (riskiest?.reasons ?? []).filter(({ points }) => points > WORTH_A_SENTENCE);
  if (riskiest === undefined || first === undefined) return undefined;
  const rest = more.map(({ text }) => `; it ${text}`).join('');
  const verb = first.text.startsWith('open') ? 'is ' : '';
  return `${riskiest.name} ${verb}${first.text}${rest}.`;
}

function sum(lines: readonly RankLine[]): number {
  return lines.reduce((total, { points }) => total + points, 0);
}

function unknownOf({ objects, unknownEnvironment, unknownCriticality }: RootCause): string[] {
  const environment = which(unknownEnvironment, objects);
  const criticality = which(unknownCriticality, objects);
  return [
    ...(environment === undefined ? [] : [`Nothing says in what environment ${environment.are}.`]),
    ...(criticality === undefined ? [] : [`Nothing says how much depends on ${criticality.them}.`]),
  ];
}

function which(count: number, of: number): { readonly are: string; readonly them: string } | undefined {
  if (count === 0) return undefined;
  if (count < of) {
    const them = `${count} of ${of} objects`;
    return { are: `${them} ${count === 1 ? 'is' : 'are'}`, them };
  }
  return of === 1 ? { are: 'it is', them: 'it' } : { are: 'they are', them: 'them' };
}
