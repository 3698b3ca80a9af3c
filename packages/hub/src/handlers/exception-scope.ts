import { AppError, type Control, matchesPattern, SEVERITIES, severityRank } from '@bulwark/core';
import type { Limits } from '../access/caller.ts';

/** What an exception covers, as it is asked for and kept. */
export type ScopeInput = Readonly<{
  controls?: readonly string[] | undefined;
  clusters?: readonly number[] | undefined;
  namespaces?: readonly string[] | undefined;
  kinds?: readonly string[] | undefined;
  names?: readonly string[] | undefined;
  labels?: Readonly<Record<string, string>> | undefined;
  containers?: readonly string[] | undefined;
  images?: readonly string[] | undefined;
  fingerprints?: readonly string[] | undefined;
}>;

/** Whether an exception can cover something that somebody may see; the others are not theirs to read. */
export function isVisible({ clusters, namespaces }: ScopeInput, limits: Limits): boolean {
  const { clusters: seen, namespaces: own } = limits;
  return (
    (seen === 'all' || clusters === undefined || clusters.some((id) => seen.includes(id))) &&
    (own === 'all' ||
      namespaces === undefined ||
      own.some((name) => namespaces.some((pattern) => matchesPattern(pattern, name))))
  );
}

/** @throws AppError `bad-request` where a scope names what is no control: it would cover nothing, and nobody would notice. */
export function mustKnowControls({ controls = [] }: ScopeInput, known: ReadonlyMap<string, Control>): void {
  const errors = controls.flatMap((id, index) =>
    known.has(id) ? [] : [{ path: `scope.controls.${index}`, message: `there is no control ${id}` }],
  );
  if (errors.length > 0) throw new AppError('bad-request', { errors });
}

/**
 * The worst severity, as a number, that an exception can hide: of what it covers now, and of what its controls may find
 * later, which nobody has looked at. Findings that are named and there are all that such an exception ever covers.
 */
export function worstToCome(
  { controls, clusters, fingerprints }: ScopeInput,
  { covers, worst }: { readonly covers: number; readonly worst: number },
  known: ReadonlyMap<string, Control>,
): number {
  const named = (fingerprints?.length ?? 0) * (clusters?.length ?? 0);
  if (named > 0 && covers >= named) return worst;
  const bad = SEVERITIES.length - 1;
  const possible = controls?.map((id) => {
    const severity = known.get(id)?.severity;
    return severity === undefined ? bad : bad - severityRank(severity);
  }) ?? [bad];
  return Math.max(worst, ...possible);
}
