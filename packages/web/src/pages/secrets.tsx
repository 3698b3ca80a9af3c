import { useView } from '../app/use-view.ts';
import { ListPage } from '../parts/list-page.tsx';
import { OwnerName } from '../parts/names.tsx';
import { WithPanel } from '../parts/with-panel.tsx';
import { End } from './secrets/end.tsx';
import { SecretPanel, secretKey } from './secrets/secret-panel.tsx';

/** Secrets by name: who mounts them, who may read them, what runs out. Their values are never read. */
export function Page() {
  const [{ open }, setView] = useView();
  return (
    <WithPanel panel={<SecretPanel />}>
      <ListPage
        title="Secrets"
        list="listSecrets"
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
            cell: ({ mountedBy, mayBeUsedBy }) =>
              mountedBy.join(', ') ||
              (mayBeUsedBy.length > 0 ? (
                <span className="quiet" title={`not seen: ${mayBeUsedBy.join(', ')}`}>
                  not known
                </span>
              ) : (
                <span style={{ color: 'var(--medium)' }}>nobody</span>
              )),
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
        keyOf={secretKey}
        open={open}
        onOpen={(item) => setView({ open: secretKey(item) })}
        empty={{
          title: 'No secret is used or seen.',
          text: 'Without a right on secrets the hub knows those that workloads name.',
        }}
      />
    </WithPanel>
  );
}
