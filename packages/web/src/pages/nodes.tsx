import { amount } from '../parts/amount.ts';
import { ListPage } from '../parts/list-page.tsx';
import { TwoLines } from '../parts/two-lines.tsx';

/** Nodes, the versions of what runs on them, and which of these are out of support. */
export function Page() {
  return (
    <ListPage
      title="Nodes"
      list="listNodes"
      lines={2}
      columns={[
        { id: 'name', title: 'Node', width: 150, cell: ({ name }) => name },
        {
          id: 'roles',
          minor: 5,
          title: 'Roles',
          width: 120,
          cell: ({ roles }) => roles.join(', ') || <span className="quiet">worker</span>,
        },
        { id: 'kubelet', title: 'Kubelet', width: 90, cell: ({ kubelet }) => kubelet },
        { id: 'skew', title: 'Behind', width: 100, minor: 1, cell: ({ skew }) => <Skew by={skew} /> },
        {
          id: 'end',
          title: 'Supported until',
          width: 150,
          cell: ({ endOfLife, problems }) => <End on={endOfLife} problems={problems} />,
        },
        {
          id: 'problems',
          title: 'What is wrong',
          least: 360,
          cell: ({ problems: [first, ...others] }) =>
            first === undefined ? (
              <span className="quiet">nothing known</span>
            ) : (
              <TwoLines first={first} second={others.join(' ')} title={[first, ...others].join('\n')} />
            ),
        },
        { id: 'runtime', minor: 2, title: 'Runtime', width: 160, cell: ({ runtime }) => runtime },
        { id: 'kernel', minor: 4, title: 'Kernel', width: 170, cell: ({ kernel }) => kernel },
        { id: 'os', minor: 3, title: 'System', width: 220, cell: ({ os }) => os },
        { id: 'pods', minor: 6, title: 'Pods', width: 70, isNumber: true, cell: ({ pods }) => pods },
      ]}
      keyOf={({ cluster, name }) => `${cluster.id}/${name}`}
      empty={{ title: 'No node was seen.', text: 'Coverage says whether the hub may list nodes.' }}
    />
  );
}

function Skew({ by }: { readonly by: number | null }) {
  if (by === null) return <span className="quiet">unknown</span>;
  if (by === 0) return <span className="quiet">no</span>;
  return <>{by < 0 ? `${-by} ahead` : amount(by, 'version')}</>;
}

/** A last day of support: in words and in the colour of what is to be done where it has passed. */
function End({ on, problems }: { readonly on: string | null; readonly problems: readonly string[] }) {
  if (on === null) return <span className="quiet">unknown</span>;
  if (!problems.some((each) => each.endsWith(`since ${on}.`))) return <>{on}</>;
  return <span style={{ color: 'var(--high)' }}>{on}, ended</span>;
}
