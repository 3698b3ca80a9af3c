import { ListPage } from '../parts/list-page.tsx';
import { Moment } from '../parts/moment.tsx';
import { OwnerName } from '../parts/names.tsx';

const SOON_MS = 30 * 86_400_000;

/** When a certificate ends: in the colour of what is to be done where that is soon, or has been. */
function End({ at }: { readonly at: string }) {
  const left = Date.parse(at) - Date.now();
  if (left >= SOON_MS) return <Moment at={at} />;
  return (
    <span style={{ color: left < 0 ? 'var(--high)' : 'var(--medium)' }}>
      {left < 0 && 'ended '}
      <Moment at={at} />
      {left < 0 && ' ago'}
    </span>
  );
}

/** Secrets by name: who mounts them, who may read them, what runs out. Their values are never read. */
export function Page() {
  return (
    <ListPage
      title="Secrets"
      list="listSecrets"
      query="resources"
      columns={[
        { id: 'name', title: 'Secret', sort: 'name', cell: ({ name }) => name },
        {
          id: 'namespace',
          title: 'Namespace',
          width: 150,
          sort: 'namespace',
          cell: ({ namespace }) => namespace,
        },
        {
          id: 'type',
          minor: 5,
          title: 'Type',
          width: 180,
          cell: ({ type }) => type ?? <span className="quiet">not read</span>,
        },
        {
          id: 'used',
          minor: 2,
          title: 'Used by',
          least: 220,
          cell: ({ mountedBy }) =>
            mountedBy.join(', ') || <span style={{ color: 'var(--medium)' }}>nobody</span>,
        },
        {
          id: 'readable',
          title: 'May be read by',
          least: 220,
          cell: ({ readableBy }) => (
            <span title={readableBy.join('\n')}>
              {readableBy.length === 0 ? '' : `${readableBy.length}: ${readableBy.join(', ')}`}
            </span>
          ),
        },
        {
          id: 'certificate',
          minor: 1,
          title: 'Certificate ends',
          width: 130,
          cell: ({ certificate }) => (certificate === null ? '' : <End at={certificate.notAfter} />),
        },
        {
          id: 'owner',
          minor: 4,
          title: 'Owner',
          width: 120,
          cell: ({ owner }) => <OwnerName owner={owner} />,
        },
      ]}
      keyOf={({ cluster, namespace, name }) => `${cluster.id}/${namespace}/${name}`}
      empty={{
        title: 'No secret is used or seen.',
        text: 'Without a right on secrets the hub knows those that workloads name.',
      }}
    />
  );
}
