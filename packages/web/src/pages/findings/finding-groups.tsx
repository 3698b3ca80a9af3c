import type { FindingGroupItem, GROUPINGS } from '@bulwark/api';
import { Box } from '@mantine/core';
import { asked, useView } from '../../app/use-view.ts';
import { useHubList } from '../../data/use-hub.ts';
import type { View } from '../../data/view.ts';
import { Counts } from '../../parts/counts.tsx';
import { CutList } from '../../parts/cut-list.tsx';
import { Moment } from '../../parts/moment.tsx';
import { nothingFound } from '../../parts/nothing-found.ts';
import { Emptiness } from '../../parts/nothing-seen.tsx';
import { Notice } from '../../parts/notice.tsx';
import { SeverityMark } from '../../parts/severity.tsx';
import { Message } from '../../parts/states.tsx';
import { type Column, Table } from '../../parts/table.tsx';

const COLUMNS: readonly Column<FindingGroupItem>[] = [
  { id: 'severity', title: 'Sev', width: 60, cell: ({ severity }) => <SeverityMark severity={severity} /> },
  {
    id: 'title',
    title: 'Group',
    least: 440,
    cell: ({ title, query }) => (
      <span title={title}>
        {title}
        {query === null && (
          <span className="quiet">
            {' '}
            (does not open: no query finds these alone; ask for less, or choose a cluster)
          </span>
        )}
      </span>
    ),
  },
  {
    id: 'findings',
    title: 'Findings',
    width: 88,
    isNumber: true,
    cell: ({ findings }) => findings.toLocaleString('en'),
  },
  {
    id: 'objects',
    title: 'Objects',
    width: 80,
    isNumber: true,
    cell: ({ objects }) => objects.toLocaleString('en'),
  },
  {
    id: 'counts',
    minor: 2,
    title: 'By severity',
    width: 240,
    cell: ({ counts }) => <Counts counts={counts} />,
  },
  {
    id: 'owners',
    minor: 1,
    title: 'Owners',
    width: 180,
    cell: ({ owners }) => <span title={owners.join(', ')}>{owners.join(', ') || 'nobody'}</span>,
  },
  { id: 'oldest', title: 'Oldest', width: 72, cell: ({ oldest }) => <Moment at={oldest} /> },
];

type Grouping = (typeof GROUPINGS)[number];

/** What goes with every question about groups: they come in their own order. */
export function askedInGroups(view: View, by: Grouping) {
  return { ...asked(view), sort: undefined, by };
}

/** Findings in groups; a group opens as the query that finds what was counted in it. */
export function FindingGroups({ by }: { readonly by: Grouping }) {
  const [view, setView] = useView();
  const { result, answer, items, onEnd } = useHubList('groupFindings', askedInGroups(view, by));
  const notice = <Notice of={answer} what="groups" />;
  if (answer.data === undefined) return notice;
  if (items.length === 0)
    return (
      <Emptiness>
        <Message title={nothingFound(view)?.title ?? 'Nothing is open.'} />
      </Emptiness>
    );
  return (
    <>
      <Box px="md">{notice}</Box>
      <CutList result={result} />
      <Table
        label={`Findings by ${by}`}
        // All findings of a control are of one severity, as a rule.
        columns={by === 'control' ? COLUMNS.filter(({ id }) => id !== 'counts') : COLUMNS}
        items={items}
        keyOf={({ key }) => key}
        onOpen={({ query }) => {
          if (query !== null) setView({ q: query, by: undefined });
        }}
        onEnd={onEnd}
      />
    </>
  );
}
