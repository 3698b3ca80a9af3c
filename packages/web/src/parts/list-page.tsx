import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { asked, useView } from '../app/use-view.ts';
import { type ListId, useHubList } from '../data/use-hub.ts';
import { Heading } from './heading.tsx';
import { QueryBar, type QueryList } from './query-bar.tsx';
import { Failure, Loading, Message } from './states.tsx';
import { type Column, Table } from './table.tsx';

type Item<Id extends ListId> = ReturnType<typeof useHubList<Id>>['items'][number];

export interface ListPageProps<Id extends ListId> {
  readonly title: string;
  readonly list: Id;
  /** Which fields its query knows; absent where it takes none. */
  readonly query?: QueryList;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly columns: readonly Column<Item<Id>>[];
  readonly keyOf: (item: Item<Id>) => string;
  readonly onOpen?: (item: Item<Id>) => void;
  readonly empty: { readonly title: string; readonly text: string };
  readonly actions?: ReactNode;
  /** Shown between the query and the table. */
  readonly above?: ReactNode;
}

/** A page that is one list: heading, query, table, and every state in which it can be. */
export function ListPage<Id extends ListId>(props: ListPageProps<Id>) {
  const { title, list, query, more, columns, keyOf, onOpen, empty, actions, above } = props;
  const [view, setView] = useView();
  const { result, items, total } = useHubList(list, { ...asked(view), ...more });
  return (
    <>
      <Group px="md" pt="md" pb="xs" gap="md" wrap="nowrap">
        <Heading title={title} total={total} isKnown={!result.isPending && result.error === null} />
        <div style={{ flex: 1 }}>
          {query !== undefined && (
            <QueryBar list={query} value={view.q ?? ''} onAsk={(q) => setView({ q })} error={result.error} />
          )}
        </div>
        {actions}
      </Group>
      {above}
      <div style={{ flex: 1, minHeight: 0, opacity: result.isPlaceholderData ? 0.6 : 1 }}>
        {result.error !== null && items.length === 0 ? (
          <Failure error={result.error} retry={() => void result.refetch()} />
        ) : result.isPending ? (
          <Loading what={title} />
        ) : items.length === 0 ? (
          <Message title={view.q === undefined ? empty.title : 'Nothing fits the query.'}>
            {view.q === undefined ? empty.text : 'Take away a part of it to see more.'}
          </Message>
        ) : (
          <Table
            label={title}
            columns={columns}
            items={items}
            keyOf={keyOf}
            sort={view.sort}
            onSort={(sort) => setView({ sort })}
            onEnd={
              result.hasNextPage && !result.isFetchingNextPage ? () => void result.fetchNextPage() : undefined
            }
            {...(onOpen && { onOpen })}
          />
        )}
      </div>
    </>
  );
}
