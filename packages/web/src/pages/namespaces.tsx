import { Counts } from '../parts/counts.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { FindingsLink, OwnerName } from '../parts/names.tsx';

/** Namespaces, with the strictest Pod Security level that each could enforce today. */
export function Page() {
  return (
    <ListPage
      title="Namespaces"
      list="listNamespaces"
      query="namespaces"
      columns={[
        {
          id: 'name',
          title: 'Namespace',
          sort: 'name',
          cell: ({ name }) => <FindingsLink q={`namespace:${name}`}>{name}</FindingsLink>,
        },
        {
          id: 'findings',
          title: 'Open findings',
          width: 240,
          sort: 'severity',
          cell: ({ findings }) => <Counts counts={findings} />,
        },
        {
          id: 'enforced',
          title: 'Enforces',
          width: 110,
          cell: ({ enforced }) => enforced ?? <span style={{ color: 'var(--medium)' }}>nothing</span>,
        },
        { id: 'possible', title: 'Could enforce', width: 120, cell: ({ possible }) => possible },
        {
          id: 'blocked',
          minor: 1,
          title: 'In the way of more',
          least: 220,
          cell: ({ blockedBy }) => blockedBy.join(', '),
        },
        {
          id: 'policies',
          title: 'Network policies',
          width: 140,
          cell: ({ hasPolicies }) =>
            hasPolicies ? 'yes' : <span style={{ color: 'var(--medium)' }}>none</span>,
        },
        {
          id: 'workloads',
          minor: 4,
          title: 'Workloads',
          width: 90,
          isNumber: true,
          cell: ({ workloads }) => workloads,
        },
        { id: 'pods', minor: 5, title: 'Pods', width: 70, isNumber: true, cell: ({ pods }) => pods },
        {
          id: 'environment',
          minor: 2,
          title: 'Environment',
          width: 110,
          cell: ({ environment }) => environment ?? <span className="quiet">unknown</span>,
        },
        {
          id: 'owner',
          minor: 3,
          title: 'Owner',
          width: 120,
          sort: 'owner',
          cell: ({ owner }) => <OwnerName owner={owner} />,
        },
      ]}
      keyOf={({ cluster, name }) => `${cluster.id}/${name}`}
      empty={{ title: 'No namespace was seen.', text: 'Coverage says why.' }}
    />
  );
}
