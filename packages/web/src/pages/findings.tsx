import type { FindingItem } from '@bulwark/api';
import { GROUPINGS } from '@bulwark/api';
import { Button, Group, SegmentedControl, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { useSession } from '../app/session.tsx';
import { asked, useView } from '../app/use-view.ts';
import { useHubList } from '../data/use-hub.ts';
import { Moment } from '../parts/moment.tsx';
import { ObjectName, OwnerName } from '../parts/names.tsx';
import { QueryBar } from '../parts/query-bar.tsx';
import { SeverityMark } from '../parts/severity.tsx';
import { Failure, Loading, Message } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { FindingGroups } from './finding-groups.tsx';
import { FindingPanel } from './finding-panel.tsx';
import { TriageBar } from './triage-bar.tsx';

const COLUMNS: readonly Column<FindingItem>[] = [
  {
    id: 'severity',
    title: 'Sev',
    width: 60,
    sort: 'severity',
    cell: ({ severity }) => <SeverityMark severity={severity} />,
  },
  { id: 'message', title: 'Finding', cell: ({ title, message }) => <span title={message}>{title}</span> },
  {
    id: 'object',
    title: 'Object',
    width: 220,
    sort: 'name',
    cell: ({ resource }) => <ObjectName resource={resource} />,
  },
  {
    id: 'namespace',
    title: 'Namespace',
    width: 140,
    sort: 'namespace',
    cell: ({ resource }) => resource.namespace,
  },
  {
    id: 'owner',
    title: 'Owner',
    width: 120,
    sort: 'owner',
    cell: ({ owner }) => <OwnerName owner={owner} />,
  },
  {
    id: 'age',
    title: 'Age',
    width: 64,
    sort: 'first-seen',
    cell: ({ firstSeen }) => <Moment at={firstSeen} />,
  },
  {
    id: 'state',
    title: 'State',
    width: 140,
    cell: ({ state, assignee, deferredUntil, requested }) =>
      state !== 'open'
        ? state
        : deferredUntil !== null
          ? 'deferred'
          : (assignee ?? (requested === null ? '' : 'exception asked for')),
  },
];

/** What is left out of the table while the panel is open: the panel says it. */
const BESIDE_A_PANEL: ReadonlySet<string> = new Set(['namespace', 'owner', 'state']);

export function findingKey({ cluster, fingerprint }: Pick<FindingItem, 'cluster' | 'fingerprint'>): string {
  return `${cluster.id}.${fingerprint}`;
}

/** All findings that a query finds, one by one or in groups. */
export function Page() {
  const [view, setView] = useView();
  const [chosen, setChosen] = useState<ReadonlyMap<string, FindingItem>>(new Map());
  const { permissions } = useSession();
  const by = GROUPINGS.find((each) => each === view.by);
  const list = useHubList('listFindings', asked(view));
  const { result } = list;
  const choose = (item: FindingItem) => {
    const next = new Map(chosen);
    if (!next.delete(findingKey(item))) next.set(findingKey(item), item);
    setChosen(next);
  };
  const [cluster, fingerprint] = view.open?.split('.') ?? [];
  return (
    <div style={{ display: 'flex', minHeight: 0, flex: 1 }}>
      <div style={{ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
        <VisuallyHidden>
          <h1>Findings</h1>
        </VisuallyHidden>
        <Group px="md" pt="md" pb="xs" gap="sm" align="flex-start">
          <div style={{ flex: '1 1 360px' }}>
            <QueryBar
              list="findings"
              value={view.q ?? ''}
              onAsk={(q) => setView({ q, open: undefined })}
              error={result.error}
            />
          </div>
          <SegmentedControl
            size="xs"
            aria-label="Group by"
            value={by ?? 'none'}
            onChange={(value) => setView({ by: value === 'none' ? undefined : value })}
            data={[
              { value: 'none', label: 'Each' },
              ...GROUPINGS.map((value) => ({ value, label: `By ${value}` })),
            ]}
          />
          <Button component="a" size="xs" variant="default" href={exportAddress(view)} download>
            Export CSV
          </Button>
        </Group>
        {chosen.size > 0 && permissions.includes('triage') && (
          <TriageBar findings={[...chosen.values()]} onDone={() => setChosen(new Map())} />
        )}
        <div style={{ flex: 1, minHeight: 0, opacity: result.isPlaceholderData ? 0.6 : 1 }}>
          {by === undefined ? (
            <Findings list={list} chosen={chosen} onChoose={choose} />
          ) : (
            <FindingGroups by={by} />
          )}
        </div>
      </div>
      {cluster !== undefined && fingerprint !== undefined && (
        <FindingPanel
          cluster={Number(cluster)}
          fingerprint={fingerprint}
          asOf={view.asOf}
          onClose={() => setView({ open: undefined })}
        />
      )}
    </div>
  );
}

interface FindingsProps {
  readonly list: ReturnType<typeof useHubList<'listFindings'>>;
  readonly chosen: ReadonlyMap<string, FindingItem>;
  readonly onChoose: (item: FindingItem) => void;
}

/** The findings one by one, in every state in which the list can be. */
function Findings({ list: { result, items, total }, chosen, onChoose }: FindingsProps) {
  const [view, setView] = useView();
  if (result.error !== null && items.length === 0)
    return <Failure error={result.error} retry={() => void result.refetch()} />;
  if (result.isPending) return <Loading what="findings" />;
  if (items.length === 0)
    return (
      <Message title={view.q === undefined ? 'Nothing is open.' : 'Nothing fits the query.'}>
        {view.q === undefined
          ? 'Coverage says what was not seen.'
          : 'Resolved and accepted findings are found with state:resolved and state:excepted.'}
      </Message>
    );
  return (
    <Table
      label={`Findings, ${total ?? 'very many'}`}
      columns={view.open === undefined ? COLUMNS : COLUMNS.filter(({ id }) => !BESIDE_A_PANEL.has(id))}
      items={items}
      keyOf={findingKey}
      open={view.open}
      chosen={new Set(chosen.keys())}
      onOpen={(item) => setView({ open: findingKey(item) })}
      onChoose={onChoose}
      sort={view.sort}
      onSort={(sort) => setView({ sort })}
      onEnd={result.hasNextPage && !result.isFetchingNextPage ? () => void result.fetchNextPage() : undefined}
    />
  );
}

function exportAddress(view: Parameters<typeof asked>[0]): string {
  return `/api/v1/findings/export?${new URLSearchParams({ format: 'csv', ...(asked(view) as Record<string, string>) }).toString()}`;
}
