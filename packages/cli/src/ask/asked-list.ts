import type { ROUTES, RouteRequest, RouteResult } from '@bulwark/api';
import type { Entry } from '@bulwark/formats';
import type { HubConnection } from '../hub-client/connection.ts';

/** Routes that answer a list. */
export type ListRoute =
  | 'listFindings'
  | 'groupFindings'
  | 'listWorkloads'
  | 'listNamespaces'
  | 'listChanges'
  | 'listCoverage'
  | 'listExceptions'
  | 'listClusters';

/** What a list is asked for, as routes take it; a list that knows no such parameter is not given it. */
export interface ListQuestion {
  readonly q?: string;
  readonly sort?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly asOf?: string;
  readonly since?: string;
  readonly by?: string;
}

export type CellValue = string | number | boolean | null;

/** What an item is shown among. */
export interface Surroundings {
  /** What ages are measured from. */
  readonly now: Date;
  /** Whether all is of one cluster, whose name then says nothing. */
  readonly hasOneCluster: boolean;
}

/** One item of a list: as data, for people, and as a line of CSV. */
export interface ListedItem {
  readonly data: unknown;
  readonly entries: (around: Surroundings) => readonly Entry[];
  readonly cells: () => readonly CellValue[];
}

export interface ListedPage {
  readonly items: readonly ListedItem[];
  readonly next: string | null;
  /** Null where it is not known. */
  readonly total: number | null;
}

/** A list that a hub can be asked for: one definition for every format. */
export interface AskedList {
  /** What the items are called, in the plural. */
  readonly name: string;
  /** What is said where nothing is found. */
  readonly none: string;
  /** Names of the cells. */
  readonly columns: readonly string[];
  readonly page: (hub: HubConnection, question: ListQuestion) => Promise<ListedPage>;
}

type ItemOf<Id extends ListRoute> = RouteResult<(typeof ROUTES)[Id]>['items'][number];

interface ListDefinition<Id extends ListRoute> extends Omit<AskedList, 'columns' | 'page'> {
  readonly route: Id;
  readonly entries: (item: ItemOf<Id>, around: Surroundings) => readonly Entry[];
  /** Cells by the name of their column. */
  readonly cells: Readonly<Record<string, (item: ItemOf<Id>) => CellValue>>;
}

/** Keeps the types of a list together, and gives what all lists have in common. */
export function defineList<Id extends ListRoute>({
  route,
  entries,
  cells,
  ...rest
}: ListDefinition<Id>): AskedList {
  const readers = Object.values(cells);
  return {
    ...rest,
    columns: Object.keys(cells),
    page: async (hub, question) => {
      const request = { query: question } as unknown as RouteRequest<(typeof ROUTES)[Id]>;
      const answer: { items: readonly ItemOf<Id>[]; next?: string | null; total?: number | null } =
        await hub.call(route, request);
      const items = answer.items.map((item) => ({
        data: item,
        entries: (around: Surroundings) => entries(item, around),
        cells: () => readers.map((read) => read(item)),
      }));
      return { items, next: answer.next ?? null, total: answer.total ?? null };
    },
  };
}
