import {
  type Cell,
  COLUMNS,
  type Columns,
  type ExportedList,
  type ListItem,
  type ROUTES,
  type RouteRequest,
  type RouteResult,
} from '@bulwark/api';
import type { Entry } from '@bulwark/formats';
import type { HubConnection } from '../hub-client/connection.ts';

/** Routes that answer a list. */
export type ListRoute = Exclude<ExportedList, 'getFramework'>;

/** What a list is asked for, as routes take it; a list that knows no such parameter is not given it. */
export interface ListQuestion {
  readonly q?: string;
  readonly sort?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly asOf?: string;
  readonly since?: string;
  readonly by?: string;
  readonly mine?: 'true';
  readonly cluster?: number;
}

/** What an item is shown among. */
export interface Surroundings {
  /** What ages are measured from. */
  readonly now: Date;
  /** Whether all is of one cluster, whose name then says nothing. */
  readonly hasOneCluster: boolean;
  /** The moment as of which is asked; undefined for now. */
  readonly asOf?: string | undefined;
}

/** One item of a list: as data, for people, and as a line of CSV. */
export interface ListedItem {
  readonly data: unknown;
  readonly entries: (around: Surroundings) => readonly Entry[];
  readonly cells: () => readonly Cell[];
}

export interface ListedPage {
  readonly items: readonly ListedItem[];
  readonly next: string | null;
  /** Null where it is not known. */
  readonly total: number | null;
  /** What is said of all of them, for people. */
  readonly lead?: readonly Entry[];
}

/** A list that a hub can be asked for: one definition for every format. */
export interface AskedList {
  /** What programs know it by. */
  readonly name: string;
  /** What the items are called, in the plural. */
  readonly plural: string;
  /** What is said where nothing is found. */
  readonly none: string;
  /** Whether it comes in pages; else it is short and comes whole. */
  readonly hasPages: boolean;
  /** Names of the cells. */
  readonly columns: readonly string[];
  readonly page: (hub: HubConnection, question: ListQuestion) => Promise<ListedPage>;
}

type AnswerOf<Id extends ListRoute> = RouteResult<(typeof ROUTES)[Id]>;

/** How items of a list are shown. */
interface Shown<Item> {
  readonly entries: (item: Item, around: Surroundings) => readonly Entry[];
  readonly cells: Columns<Item>;
}

interface ListDefinition<Id extends ListRoute>
  extends Omit<AskedList, 'columns' | 'page'>,
    Omit<Shown<ListItem<Id>>, 'cells'> {
  readonly route: Id;
  readonly lead?: (answer: AnswerOf<Id>, question: ListQuestion) => readonly Entry[];
}

/** Items as every format takes them. */
export function listed<Item>(items: readonly Item[], { entries, cells }: Shown<Item>): readonly ListedItem[] {
  const readers = Object.values(cells);
  return items.map((item) => ({
    data: item,
    entries: (around) => entries(item, around),
    cells: () => readers.map((read) => read(item)),
  }));
}

/** Keeps the types of a list together, and gives what all lists have in common. */
export function defineList<Id extends ListRoute>({
  route,
  entries,
  lead,
  ...rest
}: ListDefinition<Id>): AskedList {
  const cells: Columns<ListItem<Id>> = COLUMNS[route];
  return {
    ...rest,
    columns: Object.keys(cells),
    page: async (hub, question) => {
      const request = { query: question } as unknown as RouteRequest<(typeof ROUTES)[Id]>;
      const answer = await hub.call(route, request);
      const { items, next, total } = answer as unknown as Answer<ListItem<Id>>;
      return {
        items: listed(items, { entries, cells }),
        next: next ?? null,
        total: total ?? null,
        ...(lead !== undefined && { lead: lead(answer, question) }),
      };
    },
  };
}

interface Answer<Item> {
  readonly items: readonly Item[];
  readonly next?: string | null;
  readonly total?: number | null;
}
