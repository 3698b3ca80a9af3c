import type { ClusterItem } from '@bulwark/api';

/** Why an empty list says nothing: no cluster is there, nothing was seen of those that are looked at, or not yet. */
export type Unseen = 'no cluster' | 'nothing yet' | 'nothing';

/** Undefined where enough was seen for an empty list to mean something. */
export function unseenOf(clusters: readonly Pick<ClusterItem, 'state' | 'seen'>[]): Unseen | undefined {
  if (clusters.length === 0) return 'no cluster';
  if (clusters.some(({ state }) => state === 'connecting' || state === 'syncing')) return 'nothing yet';
  return clusters.every(({ seen }) => seen === null) ? 'nothing' : undefined;
}
