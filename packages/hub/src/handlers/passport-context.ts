import type { Labels, WorldView } from '@bulwark/core';
import type { ClusterFacts } from '@bulwark/store';
import type { RunningPods } from './running-pods.ts';

/** What sentences about a workload are made from. */
export interface PassportContext {
  readonly world: WorldView;
  /** Whether objects of a kind are seen in the cluster; what is not seen must not be said not to be there. */
  readonly isSeen: (kind: string) => boolean;
  /** Whether the caller sees all namespaces, and with them what belongs to none. */
  readonly isWhole: boolean;
  /**
   * Its pods with their labels, by which policies and Services select them; where none is seen, those of its templates are taken. The
   * World has them, too.
   */
  readonly pods?: readonly LabelledPod[];
  /** Its pods that run, by content. */
  readonly running?: readonly RunningPods[];
}

export interface LabelledPod {
  readonly name: string;
  readonly labels: Labels;
}

/** Whether objects of a kind were seen in a cluster at the moment that its facts are of. */
export function seenKinds(cluster: ClusterFacts | undefined): (kind: string) => boolean {
  return (kind) => cluster?.seen.get(kind) !== false;
}

/** Those of some kinds that were not seen in a cluster at the moment that its facts are of. */
export function unseenAmong(cluster: ClusterFacts | undefined, kinds: readonly string[]): readonly string[] {
  const isSeen = seenKinds(cluster);
  return kinds.filter((kind) => !isSeen(kind));
}
