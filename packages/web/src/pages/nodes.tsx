import { useSession } from '../app/session.tsx';
import { useView } from '../app/use-view.ts';
import { ListPage } from '../parts/list-page.tsx';
import { TwoLines } from '../parts/two-lines.tsx';
import { WithPanel } from '../parts/with-panel.tsx';
import { NOT_SHOWN, NodePanel, nodeKey } from './nodes/node-panel.tsx';
import { End, Skew } from './nodes/standing.tsx';

// A node is in no namespace, whichever is looked at elsewhere.
const OF_CLUSTERS = { namespace: undefined };

/** Nodes, the versions of what runs on them, and which of these are out of support. */
export function Page() {
  const [{ open, q = '' }, setView] = useView();
  const { limits } = useSession();
  const isLimited = limits.namespaces !== 'all';
  return (
    <WithPanel panel={<NodePanel />}>
      <ListPage
        title="Nodes"
        list="listNodes"
        more={OF_CLUSTERS}
        lines={2}
        columns={[
          { id: 'name', title: 'Node', width: 130, cell: ({ name }) => name },
          {
            id: 'roles',
            minor: 5,
            title: 'Roles',
            width: 120,
            cell: ({ roles }) => roles.join(', ') || <span className="quiet">worker</span>,
          },
          { id: 'kubelet', title: 'Kubelet', width: 90, cell: ({ kubelet }) => kubelet },
          { id: 'skew', title: 'Behind', width: 90, minor: 1, cell: ({ skew }) => <Skew by={skew} /> },
          {
            id: 'end',
            title: 'Supported until',
            width: 140,
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
          {
            id: 'pods',
            minor: 6,
            title: 'Pods',
            width: 70,
            isNumber: true,
            cell: ({ pods }) => pods ?? <span className="quiet">not seen</span>,
          },
        ]}
        keyOf={nodeKey}
        open={open}
        onOpen={(item) => setView({ open: nodeKey(item) })}
        empty={{ title: 'No node was seen.', text: 'Coverage says whether the hub may list nodes.' }}
        {...(isLimited && { emptyFor: { [q]: NOT_SHOWN } })}
      />
    </WithPanel>
  );
}
