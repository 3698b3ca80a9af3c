import { hub } from '../../data/client.ts';
import { useHub } from '../../data/use-hub.ts';
import { ListExport } from '../../parts/export-menu.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Table } from '../../parts/table.tsx';
import { Removal } from './removal.tsx';
import { WholeSection } from './section.tsx';

const ABOUT =
  'Clusters are named by the kubeconfig that the hub is started with. One that is no longer watched stays, with all that was known of it, until it is removed.';

/** What the hub knows of each cluster, and the end of one that is no more. */
export function Clusters() {
  const found = useHub('listClusters', {});
  const { data } = found;
  const notice = <Notice of={found} what="clusters" />;
  if (data === undefined) return notice;
  return (
    <WholeSection
      notice={notice}
      about={data.items.length === 0 ? `${ABOUT} No cluster is connected yet.` : ABOUT}
      actions={<ListExport list="listClusters" query={{}} />}
    >
      <Table
        label="Clusters"
        items={data.items}
        keyOf={({ id }) => String(id)}
        columns={[
          { id: 'name', title: 'Name', least: 110, cell: ({ name }) => <span title={name}>{name}</span> },
          {
            id: 'server',
            title: 'API server',
            least: 160,
            cell: ({ server, isDemo, uid }) => (
              <span title={`known by ${uid}`}>{isDemo ? 'a demonstration' : server}</span>
            ),
          },
          { id: 'version', title: 'Version', minor: 2, width: 90, cell: ({ version }) => version },
          {
            id: 'state',
            title: 'State',
            least: 140,
            cell: ({ state, reason }) => (
              <span
                title={reason ?? ''}
                style={{ color: state === 'live' ? 'var(--good)' : 'var(--medium)' }}
              >
                {state}
                {reason === null ? '' : `: ${reason}`}
              </span>
            ),
          },
          {
            id: 'seen',
            title: 'Last seen',
            minor: 1,
            width: 90,
            cell: ({ state, lastSeen }) =>
              state === 'live' ? 'now' : lastSeen === null ? 'never' : <Moment at={lastSeen} />,
          },
          {
            id: 'first',
            title: 'First seen',
            minor: 4,
            width: 90,
            cell: ({ firstSeen }) => <Moment at={firstSeen} />,
          },
          {
            id: 'objects',
            title: 'Objects',
            minor: 3,
            width: 80,
            cell: ({ objects }) => <span className="number">{objects.toLocaleString('en')}</span>,
          },
          {
            id: 'act',
            title: 'Act',
            width: 90,
            cell: ({ id, name }) => (
              <Removal
                what={`cluster ${name}, with its history`}
                act={() => hub.call('deleteCluster', { params: { id } })}
              />
            ),
          },
        ]}
      />
    </WholeSection>
  );
}
