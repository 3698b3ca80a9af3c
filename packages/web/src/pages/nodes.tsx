import { ListPage } from '../parts/list-page.tsx';

/** Nodes and the versions of what runs on them. */
export function Page() {
  return (
    <ListPage
      title="Nodes"
      list="listNodes"
      columns={[
        { id: 'name', title: 'Node', cell: ({ name }) => name },
        {
          id: 'roles',
          minor: 4,
          title: 'Roles',
          width: 130,
          cell: ({ roles }) => roles.join(', ') || <span className="quiet">worker</span>,
        },
        { id: 'kubelet', title: 'Kubelet', width: 110, cell: ({ kubelet }) => kubelet },
        {
          id: 'skew',
          title: 'Behind the API server',
          width: 160,
          cell: ({ skew }) => skew ?? <span className="quiet">no</span>,
        },
        {
          id: 'end',
          title: 'Supported until',
          width: 120,
          cell: ({ endOfLife }) => endOfLife ?? <span className="quiet">unknown</span>,
        },
        { id: 'runtime', minor: 2, title: 'Runtime', width: 170, cell: ({ runtime }) => runtime },
        { id: 'kernel', minor: 3, title: 'Kernel', width: 170, cell: ({ kernel }) => kernel },
        { id: 'os', minor: 5, title: 'System', width: 220, cell: ({ os }) => os },
        { id: 'pods', title: 'Pods', width: 70, isNumber: true, cell: ({ pods }) => pods },
      ]}
      keyOf={({ cluster, name }) => `${cluster.id}/${name}`}
      empty={{ title: 'No node was seen.', text: 'Coverage says whether the hub may list nodes.' }}
    />
  );
}
