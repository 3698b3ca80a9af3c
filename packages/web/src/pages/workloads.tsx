import type { WorkloadItem } from '@bulwark/api';
import { useNavigate } from '@tanstack/react-router';
import { Counts } from '../parts/counts.tsx';
import { InPods } from '../parts/in-pods.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { Moment } from '../parts/moment.tsx';
import { ObjectName, OwnerName, workloadAddress } from '../parts/names.tsx';
import type { Column } from '../parts/table.tsx';

const COLUMNS: readonly Column<WorkloadItem>[] = [
  {
    id: 'name',
    title: 'Workload',
    least: 240,
    sort: 'name',
    cell: ({ resource }) => <ObjectName resource={resource} />,
  },
  {
    id: 'namespace',
    title: 'Namespace',
    width: 150,
    sort: 'namespace',
    cell: ({ resource }) => resource.namespace,
  },
  {
    id: 'findings',
    title: 'Open findings',
    width: 240,
    sort: 'severity',
    cell: ({ findings }) => <Counts counts={findings} />,
  },
  {
    id: 'images',
    minor: 4,
    title: 'Images',
    least: 280,
    cell: ({ images, podImages }) => (
      <span className="mono" title={[...podImages.map((image) => `in pods: ${image}`), ...images].join('\n')}>
        {podImages.length > 0 && <InPods inPods={`in pods: ${podImages.join(', ')}`} />}
        {podImages.length > 0 && images.length > 0 && '; '}
        {images.join(', ')}
      </span>
    ),
  },
  { id: 'pods', minor: 5, title: 'Pods', width: 60, isNumber: true, sort: 'pods', cell: ({ pods }) => pods },
  {
    id: 'owner',
    minor: 2,
    title: 'Owner',
    width: 120,
    sort: 'owner',
    cell: ({ owner }) => <OwnerName owner={owner} />,
  },
  { id: 'changed', minor: 3, title: 'Changed', width: 80, cell: ({ changed }) => <Moment at={changed} /> },
];

/** Everything that runs pods. */
export function Page() {
  const navigate = useNavigate();
  return (
    <ListPage
      title="Workloads"
      list="listWorkloads"
      columns={COLUMNS}
      keyOf={({ cluster, resource }) =>
        `${cluster.id}/${resource.kind}/${resource.namespace}/${resource.name}`
      }
      onOpen={({ cluster, resource }) =>
        void navigate({
          to: '/workloads/$cluster/$kind/$namespace/$name',
          params: workloadAddress(cluster, resource),
        } as never)
      }
      empty={{
        title: 'No workload was seen.',
        text: 'Coverage says whether there is none, or the hub may not see them.',
      }}
    />
  );
}
