import { useView } from '../app/use-view.ts';
import { useClusters } from '../data/use-clusters.ts';
import { clusterText } from './cluster-text.ts';
import type { Column } from './table.tsx';

/** Columns with the cluster of each item last, where items of several clusters can be among them. */
export function useClusterColumn<T>(
  columns: readonly Column<T>[],
  items: readonly T[],
): readonly Column<T>[] {
  const [view] = useView();
  const clusters = useClusters();
  if (view.cluster !== undefined || clusters.length < 2 || clusterText(items[0]) === '') return columns;
  return [
    ...columns,
    {
      id: 'cluster',
      minor: 0.5,
      title: 'Cluster',
      width: 120,
      cell: (item) => <span title={clusterText(item)}>{clusterText(item)}</span>,
    },
  ];
}
