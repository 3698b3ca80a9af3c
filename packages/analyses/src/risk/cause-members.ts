import { type Criticality, type GroupKind, PRODUCTION_ENVIRONMENTS, TEST_ENVIRONMENTS } from '@bulwark/core';
import { objectName } from './risk-reason.ts';
import type { RootCause } from './root-cause.ts';
import type { WorkloadRisk } from './workload-risk.ts';

/** An object of a root cause, and what is known of it. */
export interface CauseMember {
  readonly groupKind: GroupKind;
  readonly namespace: string;
  readonly name: string;
  /** Undefined for what is no workload. */
  readonly risk: WorkloadRisk | undefined;
  /** In lower case. */
  readonly environment: string | undefined;
  readonly criticality: Criticality | undefined;
}

/**
 * A root cause by its objects, each named once. What is no workload has no circumstances of its own: it is worse than a
 * workload that nobody reaches.
 */
export function rootCauseOf(
  members: readonly CauseMember[],
  { severity, fixable }: Pick<RootCause, 'severity' | 'fixable'>,
): RootCause {
  const count = (is: (member: CauseMember) => boolean): number => members.filter(is).length;
  const among = (environments: readonly string[]) =>
    count(({ environment }) => environment !== undefined && environments.includes(environment));
  return {
    severity,
    objects: members.length,
    exposed: count(({ risk }) => risk?.reach === 'internet'),
    riskiest: riskiestOf(members),
    production: among(PRODUCTION_ENVIRONMENTS),
    test: among(TEST_ENVIRONMENTS),
    unknownEnvironment: count(({ environment }) => environment === undefined),
    crownJewels: count(({ criticality }) => criticality === 'crown-jewel'),
    nonCritical: count(({ criticality }) => criticality === 'non-critical'),
    unknownCriticality: count(({ criticality }) => criticality === undefined),
    fixable,
  };
}

/** Of equals the last by kind, namespace and name. */
function riskiestOf(members: readonly CauseMember[]): RootCause['riskiest'] {
  let worst: { readonly member: CauseMember; readonly risk: WorkloadRisk } | undefined;
  let others = 0;
  for (const member of members) {
    const { risk } = member;
    if (risk === undefined) others++;
    else if (worst === undefined || isWorse({ member, risk }, worst)) worst = { member, risk };
  }
  if (worst === undefined || (worst.risk.points < 0 && others > 0)) return undefined;
  const { groupKind, namespace, name } = worst.member;
  const kind = groupKind.slice(groupKind.lastIndexOf('/') + 1);
  return { name: objectName({ kind, namespace, name }), reasons: worst.risk.reasons };
}

function isWorse(
  a: { readonly member: CauseMember; readonly risk: WorkloadRisk },
  b: { readonly member: CauseMember; readonly risk: WorkloadRisk },
): boolean {
  return a.risk.points !== b.risk.points ? a.risk.points > b.risk.points : keyOf(a.member) > keyOf(b.member);
}

function keyOf({ groupKind, namespace, name }: CauseMember): string {
  return `${groupKind}|${namespace}|${name}`;
}
