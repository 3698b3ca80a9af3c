import type { WorldView } from '@bulwark/core';
import type { ClusterFacts } from '@bulwark/store';

/** What sentences about a workload are made from. */
export interface PassportContext {
  readonly world: WorldView;
  /** Whether objects of a kind are seen in the cluster; what is not seen must not be said not to be there. */
  readonly isSeen: (kind: string) => boolean;
  /** Whether the caller sees all namespaces, and with them what belongs to none. */
  readonly isWhole: boolean;
}

/** Whether objects of a kind are seen in a cluster. */
export function seenKinds(cluster: ClusterFacts | undefined): (kind: string) => boolean {
  const unseen = new Set(
    (cluster?.kinds ?? [])
      .filter(({ state }) => state !== 'live' && state !== 'stale')
      .map(({ kind }) => kind),
  );
  return (kind) => !unseen.has(kind);
}
