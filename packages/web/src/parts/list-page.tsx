import { Box, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { asked, useView } from '../app/use-view.ts';
import { type ListId, useHubList } from '../data/use-hub.ts';
import { useReturn } from '../data/use-return.ts';
import { useClusterColumn } from './cluster-column.tsx';
import { CutList } from './cut-list.tsx';
import { ListExport } from './export-menu.tsx';
import { Heading } from './heading.tsx';
import { AsOf } from './moment.tsx';
import { type EmptyWords, type Narrowed, nothingFound } from './nothing-found.ts';
import { Emptiness } from './nothing-seen.tsx';
import { Notice } from './notice.tsx';
import { Message } from './states.tsx';
import { type Column, Table } from './table.tsx';
import { LaterClusters } from './unknown-moment.tsx';

type Answer<Id extends ListId> = NonNullable<ReturnType<typeof useHubList<Id>>['first']>;
type Item<Id extends ListId> = ReturnType<typeof useHubList<Id>>['items'][number];

export interface ListPageProps<Id extends ListId> {
  readonly title: string;
  readonly list: Id;
  readonly more?: Readonly<Record<string, unknown>>;
  /** Whether nothing of its past is kept; then it says so where the clock is set. */
  readonly isPresentOnly?: boolean;
  readonly columns: readonly Column<Item<Id>>[];
  readonly keyOf: (item: Item<Id>) => string;
  /** Lines of each row; 1 where it is not said. */
  readonly lines?: 1 | 2 | 5;
  readonly onOpen?: (item: Item<Id>) => void;
  /** The key of what is open. */
  readonly open?: string | undefined;
  /** Something about the answer that has to be said. */
  readonly note?: (first: Answer<Id>) => string | undefined;
  /** When it has another answer without a change, such as when a deferral ends. */
  readonly returns?: (first: Answer<Id>) => string | null;
  readonly empty: EmptyWords;
  /** What is said instead where one of these queries finds nothing. */
  readonly emptyFor?: Readonly<Record<string, EmptyWords>>;
  readonly actions?: ReactNode;
  /** Shown between the heading and the table. */
  readonly above?: ReactNode;
}

/** A page that is one list: heading, table, and every state in which it can be. */
export function ListPage<Id extends ListId>(props: ListPageProps<Id>) {
  const { title, list, more, actions, above, note, isPresentOnly = false } = props;
  const [view] = useView();
  const query = { ...asked(view), ...(isPresentOnly && { asOf: undefined }), ...more };
  const found = useHubList(list, query);
  const { result, answer, first, total } = found;
  useReturn(first && props.returns?.(first), () => void result.refetch());
  const listed = <Listed {...props} found={found} narrowed={query} />;
  const isPresent = isPresentOnly && view.asOf !== undefined;
  const remark = isPresent ? 'This is as of now: of its past nothing is kept.' : first && note?.(first);
  return (
    <>
      <Group px="md" pt="md" pb="xs" gap="md" wrap="nowrap">
        <Heading title={title} total={total} isKnown={first !== undefined} />
        <div style={{ flex: 1 }} />
        {actions}
        <ListExport list={list} query={query} />
      </Group>
      {above}
      {remark !== undefined && (
        <Text size="sm" px="md" pb="xs" style={{ color: 'var(--medium)' }}>
          {remark}
        </Text>
      )}
      {query.asOf !== undefined && <LaterClusters />}
      <Box px="md">{first !== undefined && <Notice of={answer} what={title} />}</Box>
      <CutList result={result} />
      <div style={{ flex: 1, minHeight: 0, opacity: result.isPlaceholderData ? 0.6 : 1 }}>
        {isPresentOnly ? <AsOf at={undefined}>{listed}</AsOf> : listed}
      </div>
    </>
  );
}

/** The list itself, or why there is nothing of it. */
function Listed<Id extends ListId>({
  title,
  columns,
  keyOf,
  lines = 1,
  onOpen,
  open,
  empty,
  emptyFor = {},
  found: { answer, items, onEnd },
  narrowed,
}: ListPageProps<Id> & {
  readonly found: ReturnType<typeof useHubList<Id>>;
  /** What the list was asked with: not all of them are of the namespace that is looked at. */
  readonly narrowed: Narrowed;
}) {
  const [view, setView] = useView();
  const shown = useClusterColumn(columns, items);
  if (answer.data === undefined) return <Notice of={answer} what={title} />;
  if (items.length === 0) {
    const { title: why, text } = emptyFor[view.q ?? ''] ?? nothingFound(narrowed) ?? empty;
    return (
      <Emptiness>
        <Message title={why}>{text}</Message>
      </Emptiness>
    );
  }
  return (
    <Table
      label={title}
      columns={shown}
      items={items}
      keyOf={keyOf}
      lines={lines}
      sort={view.sort}
      onSort={(sort) => setView({ sort })}
      onEnd={onEnd}
      open={open}
      {...(onOpen && { onOpen })}
    />
  );
}
