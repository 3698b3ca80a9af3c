import type { WorldView } from '@bulwark/core';

/** What sentences about a workload are made from. */
export interface PassportContext {
  readonly world: WorldView;
  /** Whether objects of a kind are seen in the cluster; what is not seen must not be said not to be there. */
  readonly isSeen: (kind: string) => boolean;
  /** Whether the caller sees all namespaces, and with them what belongs to none. */
  readonly isWhole: boolean;
}
