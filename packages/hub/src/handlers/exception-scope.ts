import type { ExceptionItem } from '@bulwark/api';
import { AppError, type Control, fitsPatterns, SEVERITIES, severityRank } from '@bulwark/core';
import type { ExceptionRecord } from '@bulwark/store';
import type { Caller } from '../access/caller.ts';
import { holdsNamespace, type Limits } from '../access/limits.ts';

/** Whose limits they are, as they were given and what they come to now. */
type Looker = Pick<Caller, 'limits' | 'scope'>;

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
export function isVisible({ clusters, namespaces }: ScopeInput, { limits, scope }: Looker): boolean {
  const { clusters: seen, namespaces: own } = scope;
  return (
    (seen === 'all' || clusters === undefined || clusters.some((id) => seen.includes(id))) &&
    (own === 'all' ||
      namespaces === undefined ||
      own.some((name) => fitsPatterns(namespaces, name)) ||
      // Of a namespace that is yet to come, too.
      namespaces.some((name) => holdsNamespace(limits, name)))
  );
}

/** Whether an exception covers nothing beyond limits. */
export function isWithin({ clusters, namespaces }: ScopeInput, limits: Limits): boolean {
  const { clusters: seen } = limits;
  return (
    (seen === 'all' || (clusters?.every((id) => seen.includes(id)) ?? false)) &&
    (limits.namespaces === 'all' || (namespaces?.every((name) => holdsNamespace(limits, name)) ?? false))
  );
}

/** Why an exception was refused, as somebody with limits may know it: where it goes beyond them, that can tell of what is not theirs. */
export function becauseAsSeen(
  { scope, revokedBecause }: Pick<ExceptionRecord, 'scope' | 'revokedBecause'>,
  limits: Limits,
): string | null {
  return isWithin(scope, limits) ? revokedBecause : null;
}

/**
 * An exception as somebody with limits may know it. Of one that goes beyond them it is not said what else it covers, nor why it
 * was refused, and why it was made only where it covers something that is theirs, as such a finding says that as well; one that
 * names findings is left out where none of them is theirs.
 */
export function asSeen(item: ExceptionItem, { limits, scope: sight }: Looker): readonly ExceptionItem[] {
  const { fingerprints, clusters, namespaces, ...rest }: ScopeInput = item.scope;
  if (isWithin(item.scope, limits)) return [item];
  if (fingerprints !== undefined && item.covers === 0) return [];
  const { clusters: known, namespaces: own } = sight;
  const isKnown = (id: number) => known === 'all' || known.includes(id);
  const scope = {
    ...rest,
    ...(clusters && { clusters: clusters.filter(isKnown) }),
    ...(namespaces && {
      namespaces:
        own === 'all'
          ? namespaces
          : [
              ...new Set([
                ...own.filter((name) => fitsPatterns(namespaces, name)),
                ...namespaces.filter((name) => holdsNamespace(limits, name)),
              ]),
            ],
    }),
    ...(fingerprints && { fingerprints: item.covers }),
  };
  const reason = item.covers > 0 ? item.reason : 'It covers more than you may see.';
  const named = item.clusters?.filter(({ id }) => isKnown(id)) ?? null;
  return [
    { ...item, scope, clusters: named, query: null, reason, revokedBecause: becauseAsSeen(item, limits) },
  ];
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
