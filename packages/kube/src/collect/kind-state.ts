import type { GroupKind } from '@bulwark/core';

/** A right that is missing, as an RBAC rule would grant it. */
export type MissingRule =
  | {
      readonly verbs: readonly string[];
      readonly group: string;
      readonly resource: string;
      /** Whether it has to be granted for all namespaces. */
      readonly namespaced: boolean;
    }
  | { readonly verbs: readonly string[]; readonly paths: readonly string[] };

/**
 * How well a kind is seen.
 *
 * - `pending`: not yet listed; `reason` says why not, where something is in the way, and `isFresh` that it has been for
 *   moments only and often passes. `listing`: the first list runs.
 * - `live`: everything was listed, and changes are followed.
 * - `polled`: everything is listed from time to time, because changes cannot be watched; `missing` where a right would
 *   mend it, `reason` where watches begin and tell nothing.
 * - `denied`: a right is missing. `stale`: it was seen, and since a time it is not.
 * - `withheld`: only collected when it is asked for. `absent`: the cluster does not serve it.
 */
export type KindSight =
  | { readonly state: 'pending'; readonly reason?: string; readonly isFresh?: boolean }
  | { readonly state: 'listing' }
  | { readonly state: 'live' }
  | { readonly state: 'polled'; readonly missing?: MissingRule; readonly reason?: string }
  | { readonly state: 'denied'; readonly missing: MissingRule; readonly reason: string }
  | { readonly state: 'stale'; readonly since: number; readonly reason: string }
  | { readonly state: 'withheld' }
  | { readonly state: 'absent' };

/** The state of one kind in a cluster. */
export type KindState = KindSight & {
  readonly groupKind: GroupKind;
  readonly group: string;
  /** Empty where the kind is not served. */
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly project: string;
  readonly why: string;
  /** How many objects of it are known, seen now or before. */
  readonly objects: number;
  /** When this was so, in milliseconds since the epoch. */
  readonly at: number;
};

/** A missing right as a sentence. */
export function printMissingRule(missing: MissingRule): string {
  const verbs = missing.verbs.join(' and ');
  if ('paths' in missing) return `The right to ${verbs} ${missing.paths.join(' and ')} is missing.`;
  const { resource, group, namespaced } = missing;
  const name = group === '' ? resource : `${resource}.${group}`;
  return `The right to ${verbs} ${name}${namespaced ? ' in all namespaces' : ''} is missing.`;
}

/**
 * Whether a kind was tried: what is known of it is all that is to be had for now. A kind whose list fails again and
 * again, such as by a conversion that is broken, must not keep the others from being judged; one that fails once must.
 *
 * @param known whether it has to be known at once: then a failure of a moment is not waited for.
 */
export function isTried(state: KindSight, known: 'at once' | 'soon' = 'soon'): boolean {
  if (state.state === 'pending')
    return state.reason !== undefined && (state.isFresh !== true || known === 'at once');
  return state.state !== 'listing';
}

/** Whether a kind was not listed yet and is waited for: what it holds is not known, and may be in a moment. */
export function isAwaited({ state }: Pick<KindState, 'state'>): boolean {
  return state === 'pending' || state === 'listing';
}

/** Whether all objects of a kind are known as they are now: what is judged of it is complete. */
export function isSeen({ state }: Pick<KindState, 'state'>): boolean {
  return state === 'live' || state === 'polled' || state === 'absent';
}
