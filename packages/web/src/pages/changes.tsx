import { ListPage } from '../parts/list-page.tsx';
import { Moment } from '../parts/moment.tsx';
import { ObjectName } from '../parts/names.tsx';

/** Every change, newest first, with who made it and what it did to the findings. */
export function Page() {
  return (
    <ListPage
      title="Changes"
      list="listChanges"
      query="changes"
      columns={[
        { id: 'at', title: 'When', width: 72, cell: ({ at }) => <Moment at={at} /> },
        { id: 'verb', title: 'What', width: 90, cell: ({ verb }) => verb },
        { id: 'object', title: 'Object', cell: ({ resource }) => <ObjectName resource={resource} /> },
        {
          id: 'namespace',
          minor: 2,
          title: 'Namespace',
          width: 150,
          cell: ({ resource }) => resource.namespace,
        },
        {
          id: 'actor',
          title: 'Who',
          width: 240,
          cell: ({ actor }) =>
            actor.user ??
            (actor.managers.length === 0 ? (
              <span className="quiet">unknown</span>
            ) : (
              <span className="quiet">{actor.managers.join(', ')}</span>
            )),
        },
        {
          id: 'effect',
          title: 'Findings',
          width: 140,
          cell: ({ opened, resolved }) => (
            <>
              {opened > 0 && <span style={{ color: 'var(--high)' }}>+{opened} </span>}
              {resolved > 0 && <span style={{ color: 'var(--good)' }}>−{resolved}</span>}
            </>
          ),
        },
      ]}
      keyOf={({ cluster, id }) => `${cluster.id}/${id}`}
      empty={{
        title: 'Nothing has changed since the cluster was first seen.',
        text: 'Changes appear here as they happen.',
      }}
    />
  );
}
