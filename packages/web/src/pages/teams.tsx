import { queryForValues } from '@bulwark/core';
import { Counts } from '../parts/counts.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { Moment } from '../parts/moment.tsx';
import { FindingsLink, OwnerName } from '../parts/names.tsx';
import { TwoLines } from '../parts/two-lines.tsx';

// All are told at once, in their order; the address may hold what is asked of other lists.
const ALL_OF_THEM = { q: undefined, sort: undefined };

/** Owners with what is theirs and their first things to do; what nobody owns is a row of its own. */
export function Page() {
  return (
    <ListPage
      title="Teams"
      list="listTeams"
      lines={2}
      isPresentOnly
      more={ALL_OF_THEM}
      columns={[
        {
          id: 'owner',
          title: 'Team',
          width: 180,
          cell: ({ owner, contacts }) => (
            <TwoLines
              first={
                <FindingsLink q={queryForValues({ owner })}>
                  <OwnerName owner={owner} />
                </FindingsLink>
              }
              second={contacts.join(', ')}
              title={[owner ?? 'nobody', ...contacts].join(', ')}
            />
          ),
        },
        {
          id: 'findings',
          title: 'Open findings',
          width: 240,
          cell: ({ findings }) => <Counts counts={findings} />,
        },
        {
          id: 'workloads',
          minor: 2,
          title: 'Workloads',
          width: 90,
          isNumber: true,
          cell: ({ workloads }) => workloads,
        },
        {
          id: 'namespaces',
          minor: 5,
          title: 'Namespaces',
          width: 100,
          isNumber: true,
          cell: ({ namespaces }) => namespaces,
        },
        {
          id: 'oldest',
          minor: 3,
          title: 'Oldest',
          width: 72,
          cell: ({ oldest }) => (oldest === null ? '' : <Moment at={oldest} />),
        },
        {
          id: 'top',
          title: 'First things to do',
          least: 340,
          cell: ({ top }) => {
            const [first, second, ...others] = top.map(({ title, findings }) => `${title} (${findings})`);
            const more = others.length === 0 ? '' : ` and ${others.length} more`;
            return (
              <TwoLines
                first={first}
                second={second && `${second}${more}`}
                title={top.map(({ title }) => title).join('\n')}
              />
            );
          },
        },
      ]}
      keyOf={({ owner }) => owner ?? ''}
      empty={{
        title: 'No owner is known.',
        text: 'Label namespaces or workloads with team, or give the hub an owners file.',
      }}
    />
  );
}
