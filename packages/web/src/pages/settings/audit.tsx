import { useHubList } from '../../data/use-hub.ts';
import { Moment } from '../../parts/moment.tsx';
import { Failure, Loading, Message } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';

/** What was changed in the hub, by whom. */
export function Audit() {
  const { result, items } = useHubList('listAudit', {});
  if (result.isPending) return <Loading what="the audit log" />;
  if (result.error !== null && items.length === 0)
    return <Failure error={result.error} retry={() => void result.refetch()} />;
  if (items.length === 0) return <Message title="Nobody has changed anything yet." />;
  return (
    <Table
      label="Audit log"
      items={items}
      keyOf={({ id }) => String(id)}
      onEnd={result.hasNextPage && !result.isFetchingNextPage ? () => void result.fetchNextPage() : undefined}
      columns={[
        { id: 'at', title: 'When', width: 80, cell: ({ at }) => <Moment at={at} /> },
        { id: 'actor', title: 'Who', width: 160, cell: ({ actor }) => <span title={actor}>{actor}</span> },
        { id: 'action', title: 'What', width: 200, cell: ({ action }) => action },
        { id: 'subject', title: 'On', cell: ({ subject }) => <span title={subject}>{subject}</span> },
        { id: 'outcome', title: 'Outcome', width: 90, cell: ({ outcome }) => outcome },
        { id: 'address', minor: 1, title: 'From', width: 140, cell: ({ address }) => address },
      ]}
    />
  );
}
