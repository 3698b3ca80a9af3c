import type { ClusterItem } from '@bulwark/api';

/**
 * Why an empty list says nothing: no cluster is there, or not the one that is chosen; nothing was seen of those that are looked
 * at, or not yet.
 */
export type Unseen = 'no cluster' | 'gone' | 'nothing yet' | 'nothing';

/** Undefined where enough was seen for an empty list to mean something. Without a chosen cluster all are looked at. */
export function unseenOf(
  all: readonly Pick<ClusterItem, 'id' | 'state' | 'seen'>[],
  chosen: number | undefined,
): Unseen | undefined {
  if (all.length === 0) return 'no cluster';
  const clusters = all.filter(({ id }) => chosen === undefined || id === chosen);
  if (clusters.length === 0) return 'gone';
  if (clusters.some(({ state }) => state === 'connecting' || state === 'syncing')) return 'nothing yet';
  return clusters.every(({ seen }) => seen === null) ? 'nothing' : undefined;
}
