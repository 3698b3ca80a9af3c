import { useView } from '../app/use-view.ts';
import { useClusters } from '../data/use-clusters.ts';
import type { Column } from './table.tsx';

function clusterName(item: unknown): string {
  if (typeof item !== 'object' || item === null || !('cluster' in item)) return '';
  const { cluster } = item;
  return typeof cluster === 'object' && cluster !== null && 'name' in cluster ? String(cluster.name) : '';
}

/** Columns with the cluster of each item last, where items of several clusters can be among them. */
export function useClusterColumn<T>(
  columns: readonly Column<T>[],
  items: readonly T[],
): readonly Column<T>[] {
  const [view] = useView();
  const clusters = useClusters();
  if (view.cluster !== undefined || clusters.length < 2 || clusterName(items[0]) === '') return columns;
  return [
    ...columns,
    { id: 'cluster', minor: 0.5, title: 'Cluster', width: 120, cell: (item) => clusterName(item) },
  ];
}
