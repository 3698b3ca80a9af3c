import type { ClusterItem } from '@bulwark/api';
import { useHub } from './use-hub.ts';

/** The clusters that the caller may see; none before they are known. */
export function useClusters(): readonly ClusterItem[] {
  return useHub('listClusters', {}).data?.items ?? [];
}
