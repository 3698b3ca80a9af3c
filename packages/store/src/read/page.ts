import { AppError, type Query } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import type { Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { type Cursor, type OrderType, readCursor, writeCursor } from './cursor.ts';
import { type QueryColumns, toSql } from './query-sql.ts';

/** What every list is asked with. */
export interface ListRequest {
  readonly query: Query;
  /** A field of the list's order; `-` before it turns it round. */
  readonly sort?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly now: Date;
  /** The controls that each framework asks for, by its name. */
  readonly frameworks?: ReadonlyMap<string, readonly string[]>;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  /** Of all pages; null where it is more than is counted. */
  readonly total: number | null;
}

/** By what a list is ordered: an expression that is never null, and how its values are written. */
export interface OrderPart {
  readonly sql: RawBuilder<unknown>;
  readonly type: OrderType;
}

/** What narrows a list beside the query, and says how many there are where that is known without counting. */
export interface Hint {
  readonly condition?: RawBuilder<boolean> | undefined;
  readonly total?: number | undefined;
}

/** A list: where it comes from, what can be asked, and by what it can be sorted. */
export interface ListDefinition {
  /**
   * A relation with cluster_id, to be called `t`, or several, no row of which is in another. Its rows are what the index of an
   * order gives, where there is one; each of several is asked for itself.
   */
  readonly source: RawBuilder<unknown> | readonly RawBuilder<unknown>[];
  /** The same rows to be counted, without what the query asks nothing of: what an order or a record needs may cost a lot. */
  readonly counted?: RawBuilder<unknown>;
  /** Whether to read the source, a single one, costs so much that the first page counts it as it goes. */
  readonly isCountedByPage?: boolean;
  /**
   * Whether an index has what is asked: where few fit, which may all lie at the end of the order, they are looked up and then put
   * in order. Cost: counting them on each page.
   */
  readonly isLookedUp?: boolean;
  readonly columns: QueryColumns;
  /**
   * The rows of the source with all that is selected, found by their key, to be called `t` as well: then the source is asked for
   * the key and the order alone, which an index may have all of. Without it a row is taken from the source as a whole.
   */
  readonly rows?: RawBuilder<unknown>;
  /** All parts of an order go the same way, so that one index serves both directions. */
  readonly sorts: Readonly<Record<string, readonly OrderPart[]>>;
  readonly standard: string;
  /** What makes the order of equal items of a cluster certain. */
  readonly key: readonly OrderPart[];
  /** Which rows a caller may see, beside the clusters of the scope. */
  readonly condition: RawBuilder<boolean>;
  readonly select: RawBuilder<unknown>;
  readonly hint?: (clusters: readonly number[]) => Promise<Hint>;
}

/** Most rows that are counted: beyond it the total says no more than that there are many. */
const MOST_COUNTED = 10_000;

export interface Cluster {
  readonly id: number;
  readonly name: string;
}

interface Asked {
  readonly list: ListDefinition;
  readonly request: ListRequest;
  readonly hint: Hint;
}

/**
 * A page of a list by keyset: it begins where the page before ended, whatever was added or removed meanwhile. Each cluster is
 * asked for itself, as its rows lie in order, and the answers are merged. Cost: the page, and counting on the first one.
 *
 * @throws AppError `bad-request` for an unknown sort, `bad-cursor` for a cursor of another list or order.
 */
export async function readPage<T>(
  store: Store,
  scope: Scope,
  list: ListDefinition,
  request: ListRequest,
): Promise<Page<T>> {
  const sort = request.sort ?? list.standard;
  const isDown = sort.startsWith('-');
  const name = isDown ? sort.slice(1) : sort;
  const by = Object.hasOwn(list.sorts, name) ? list.sorts[name] : undefined;
  if (by === undefined)
    throw new AppError('bad-request', { detail: `Sort by one of ${Object.keys(list.sorts).join(', ')}.` });
  const order = [...by, ...list.key].map(inBytes);
  const cursor =
    request.cursor === undefined
      ? undefined
      : readCursor(
          request.cursor,
          sort,
          order.map(({ type }) => type),
        );
  const clusters = await clustersOf(store, scope);
  if (clusters.length === 0) return { items: [], next: null, total: 0 };
  const hint = (await list.hint?.(clusters.map(({ id }) => id))) ?? {};
  const asked = { list, request, hint };
  const fitting = list.isLookedUp === true ? await count(store, clusters, asked) : undefined;
  if (hint.total === 0 || fitting === 0) return { items: [], next: null, total: 0 };
  const rows = await rowsOf(store, clusters, asked, {
    order,
    isDown,
    cursor,
    areFew: typeof fitting === 'number',
  });
  const shown = rows.slice(0, request.limit);
  const last = shown.at(-1);
  const items: readonly Record<string, unknown>[] = shown.map(({ order_total: _ofList, ...row }) => row);
  const next =
    rows.length > request.limit && last !== undefined
      ? writeCursor({
          sort,
          values: order.map((_part, index) => String(last[`order_${index}`])),
          cluster: Number(last['order_cluster']),
        })
      : null;
  return { items: items as readonly T[], next, total: await totalOf() };

  async function totalOf(): Promise<number | null> {
    if (cursor !== undefined) return null;
    if (next === null) return items.length;
    if (fitting !== undefined) return fitting;
    const told = last?.['order_total'];
    return hint.total ?? (told === undefined ? await count(store, clusters, asked) : totalFor(Number(told)));
  }
}

/** Texts are ordered by their bytes, in a database of any locale: so are they where pages are made in memory. */
function inBytes({ sql: value, type }: OrderPart): OrderPart {
  return { type, sql: type === 'text' ? sql`(${value}) collate "C"` : value };
}

/** The clusters of a scope. */
export async function clustersOf({ db }: Store, { clusters }: Scope): Promise<readonly Cluster[]> {
  const condition = clusters === 'all' ? sql`true` : sql`id = any(${[...clusters]}::int[])`;
  return (await sql<Cluster>`select id, name from cluster where ${condition} order by id`.execute(db)).rows;
}

interface Order {
  readonly order: readonly OrderPart[];
  readonly isDown: boolean;
  readonly cursor: Cursor | undefined;
  /** Whether all that fit are taken before they are put in order. */
  readonly areFew: boolean;
}

async function rowsOf(
  { db }: Store,
  clusters: readonly Cluster[],
  asked: Asked,
  { order, isDown, cursor, areFew }: Order,
): Promise<readonly Record<string, unknown>[]> {
  const { list, request } = asked;
  const direction = sql.raw(isDown ? 'desc' : 'asc');
  const limit = sql`limit ${request.limit + 1}`;
  const named = order.map((part, index) => sql`${part.sql} as ${sql.ref(`order_${index}`)}`);
  const isCounted = list.isCountedByPage === true && cursor === undefined;
  const chosen = [
    list.rows === undefined ? sql`t.*` : sql`t.cluster_id`,
    ...(isCounted ? [sql`count(*) over () as branch_total`] : []),
  ];
  const branches = branchesOf(
    clusters,
    list.source,
    (cluster, source) => sql`(select ${sql.join(chosen)}, ${sql.join(named)}
      from (select t.* from ${source} t where ${wanted(cluster, asked)} ${areFew ? sql`offset 0` : sql``}) t
      where ${after(cluster, order, isDown, cursor)}
      order by ${sql.join(order.map((part) => sql`${part.sql} ${direction}`))} ${limit})`,
  );
  const union = sql.join(branches, sql` union all `);
  const part = (index: number) => sql.ref(`${list.rows === undefined ? 't' : 'o'}.order_${index}`);
  const merged = sql.join(order.map((_part, index) => sql`${part(index)} ${direction}`));
  const texts = order.map((_part, index) => sql`${part(index)}::text as ${sql.ref(`order_${index}`)}`);
  // Whichever clusters the page shows, those of the others count as well.
  const total = sql`, (select sum(n) from (select distinct cluster_id, branch_total as n from branches) each) as order_total`;
  const { rows } = await sql<Record<string, unknown>>`
    with branches as (${union})
    select ${list.select}, ${sql.join(texts)}, t.cluster_id as order_cluster ${isCounted ? total : sql``}
    from ${list.rows === undefined ? sql`branches t` : found(list.rows)} order by ${merged}, t.cluster_id ${limit}`.execute(
    db,
  );
  return rows;

  function found(whole: RawBuilder<unknown>): RawBuilder<unknown> {
    // The key is the end of every order.
    const first = order.length - list.key.length;
    const same = list.key.map((each, index) => sql`${each.sql} = ${part(first + index)}`);
    return sql`(select * from branches o order by ${merged}, o.cluster_id ${limit}) o
      join ${whole} t on t.cluster_id = o.cluster_id and ${sql.join(same, sql` and `)}`;
  }
}

/** One query for each cluster and relation of a list. */
function branchesOf(
  clusters: readonly Cluster[],
  source: ListDefinition['source'],
  branch: (cluster: Cluster, source: RawBuilder<unknown>) => RawBuilder<unknown>,
): RawBuilder<unknown>[] {
  return clusters.flatMap((cluster) => [source].flat().map((each) => branch(cluster, each)));
}

/** What is asked of the rows of a cluster. */
function wanted(cluster: Cluster, { list, request, hint }: Asked): RawBuilder<boolean> {
  const fields = {
    ...list.columns.fields,
    cluster: { type: 'text', sql: sql`${cluster.name}::text` } as const,
  };
  const query = toSql(request.query, { ...list.columns, fields }, request.now);
  return sql<boolean>`t.cluster_id = ${cluster.id} and ${list.condition} and ${query} and ${hint.condition ?? sql`true`}`;
}

/** What comes after a cursor. Of equal rows those of the clusters with the higher numbers are still to come. */
function after(
  cluster: Cluster,
  order: readonly OrderPart[],
  isDown: boolean,
  cursor: Cursor | undefined,
): RawBuilder<boolean> {
  if (cursor === undefined) return sql<boolean>`true`;
  const left = sql.join(order.map((part) => part.sql));
  const right = sql.join(
    order.map(({ type }, index) => sql`${cursor.values[index] ?? ''}::${sql.raw(type)}`),
  );
  const comparison = `${isDown ? '<' : '>'}${cluster.id > cursor.cluster ? '=' : ''}`;
  return sql<boolean>`(${left}) ${sql.raw(comparison)} (${right})`;
}

async function count({ db }: Store, clusters: readonly Cluster[], asked: Asked): Promise<number | null> {
  const { source, counted = source } = asked.list;
  const branches = branchesOf(
    clusters,
    counted,
    (cluster, each) => sql`select 1 from ${each} t where ${wanted(cluster, asked)}`,
  );
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (${sql.join(branches, sql` union all `)} limit ${MOST_COUNTED + 1}) counted`.execute(
    db,
  );
  return totalFor(rows[0]?.n ?? 0);
}

function totalFor(count: number): number | null {
  return count > MOST_COUNTED ? null : count;
}
