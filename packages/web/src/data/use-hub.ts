import type { ROUTES, RouteId, RouteRequest, RouteResult } from '@bulwark/api';
import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type Answer, stillShown } from './answer.ts';
import { hub } from './client.ts';

type Contract<Id extends RouteId> = (typeof ROUTES)[Id];

/** What is shown until there is an answer to another question is what was answered to the one before. */
interface Shown<T> extends Answer<T> {
  readonly isPlaceholderData: boolean;
}

/** Asks the hub, and again when what was answered goes stale. */
export function useHub<Id extends RouteId>(
  id: Id,
  request: RouteRequest<Contract<Id>>,
): Shown<RouteResult<Contract<Id>>> {
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: [id, request],
    queryFn: () => hub.call(id, request) as Promise<RouteResult<Contract<Id>>>,
    placeholderData: keepPreviousData,
  });
  return { data: stillShown(data, error), error, isPlaceholderData, refetch };
}

/** The routes that answer pages. */
export type ListId =
  | 'listFindings'
  | 'groupFindings'
  | 'listWorkloads'
  | 'listNamespaces'
  | 'listNodes'
  | 'listSecrets'
  | 'listResources'
  | 'listChanges'
  | 'compareObjects'
  | 'compareFindings'
  | 'listCoverage'
  | 'listExceptions'
  | 'listTeams'
  | 'listAudit'
  | 'listDeliveries'
  | 'getQueue';

type Page<Id extends ListId> = RouteResult<Contract<Id>>;
type Item<Id extends ListId> = Page<Id> extends { readonly items: readonly (infer T)[] } ? T : never;

/** A list that grows page by page as the reader goes down. */
export function useHubList<Id extends ListId>(id: Id, query: Readonly<Record<string, unknown>>) {
  const result = useInfiniteQuery({
    queryKey: [id, query],
    queryFn: ({ pageParam }) =>
      hub.call(id, {
        query: { ...query, ...(pageParam !== '' && { cursor: pageParam }) },
      } as never) as Promise<Page<Id>>,
    initialPageParam: '',
    getNextPageParam: (page) => (page as { next: string | null }).next ?? undefined,
    placeholderData: keepPreviousData,
  });
  // That a later page did not come is said of the end of the list.
  const error = result.isFetchNextPageError ? null : result.error;
  const pages = stillShown(result.data as InfiniteData<Page<Id>> | undefined, error)?.pages ?? [];
  const answer: Answer<Page<Id>> = { data: pages[0], error, refetch: result.refetch };
  return {
    result,
    answer,
    first: pages[0],
    items: pages.flatMap((page) => (page as unknown as { items: Item<Id>[] }).items),
    /** Asks for the next page, where there is one; not by itself where that has failed. */
    onEnd:
      result.hasNextPage && !result.isFetchingNextPage && !result.isFetchNextPageError
        ? () => void result.fetchNextPage()
        : undefined,
    total: (pages[0] as { total: number | null } | undefined)?.total ?? null,
  };
}
