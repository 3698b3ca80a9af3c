import { AppError, type Query } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import type { Store } from '../store.ts';
import { type QueryColumns, toSql } from './query-sql.ts';

/** What every list is asked with. */
export interface ListRequest {
  readonly query: Query;
  /** A field of the list's order; `-` before it turns it round. */
  readonly sort?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly now: Date;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly total: number | null;
}

/** A list: where it comes from, what can be asked, and by what it can be sorted. */
export interface ListDefinition {
  /** A relation, to be called `t`. */
  readonly source: RawBuilder<unknown>;
  readonly columns: QueryColumns;
  /** Expressions by which the list can be sorted, never null, each with how its values are written. */
  readonly sorts: Readonly<
    Record<string, { readonly sql: RawBuilder<unknown>; readonly type: 'text' | 'int8' | 'timestamptz' }>
  >;
  readonly standard: string;
  /** What makes the order of equal items certain: expressions of text, unique together. */
  readonly key: readonly RawBuilder<unknown>[];
  readonly scope: RawBuilder<boolean>;
  readonly select: RawBuilder<unknown>;
}

interface Cursor {
  readonly sort: string;
  readonly value: string;
  readonly key: readonly string[];
}

/** Most rows that are counted: beyond it the total says no more than that there are many. */
const MOST_COUNTED = 100_000;

/**
 * A page of a list by keyset: it begins where the page before ended, whatever was added or removed meanwhile. Cost: the
 * page, and counting on the first one.
 *
 * @throws AppError `bad-request` for an unknown sort, `bad-cursor` for a cursor of another list or order.
 */
export async function readPage<T>(
  { db }: Store,
  list: ListDefinition,
  request: ListRequest,
): Promise<Page<T>> {
  const { limit, cursor, now } = request;
  const sort = request.sort ?? list.standard;
  const isDown = sort.startsWith('-');
  const name = isDown ? sort.slice(1) : sort;
  const by = Object.hasOwn(list.sorts, name) ? list.sorts[name] : undefined;
  if (by === undefined)
    throw new AppError('bad-request', { detail: `Sort by one of ${Object.keys(list.sorts).join(', ')}.` });
  const asked = sql`${list.scope} and ${toSql(request.query, list.columns, now)}`;
  const after =
    cursor === undefined
      ? sql`true`
      : afterCursor(readCursor(cursor, sort, list.key.length), by, list.key, isDown);
  const direction = sql.raw(isDown ? 'desc' : 'asc');
  const order = sql.join([by.sql, ...list.key].map((each) => sql`${each} ${direction}`));
  const keys = list.key.map((each, index) => sql`${each}::text as ${sql.ref(`key_${index}`)}`);
  const { rows } = await sql<Record<string, unknown>>`
    select ${list.select}, ${by.sql}::text as sort_value, ${sql.join(keys)}
    from ${list.source} t where ${asked} and ${after} order by ${order} limit ${limit + 1}`.execute(db);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next =
    rows.length > limit && last !== undefined
      ? writeCursor({
          sort,
          value: String(last['sort_value']),
          key: list.key.map((_each, index) => String(last[`key_${index}`])),
        })
      : null;
  const total =
    cursor !== undefined ? null : next === null ? items.length : await count(db, list.source, asked);
  return { items: items as readonly T[], next, total };
}

async function count(
  db: Store['db'],
  source: RawBuilder<unknown>,
  asked: RawBuilder<unknown>,
): Promise<number | null> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (select from ${source} t where ${asked} limit ${MOST_COUNTED + 1}) counted`.execute(
    db,
  );
  const n = rows[0]?.n ?? 0;
  return n > MOST_COUNTED ? null : n;
}

function afterCursor(
  { value, key }: Cursor,
  by: ListDefinition['sorts'][string],
  keys: readonly RawBuilder<unknown>[],
  isDown: boolean,
): RawBuilder<boolean> {
  const left = sql.join([by.sql, ...keys.map((each) => sql`${each}::text`)]);
  const right = sql.join([sql`${value}::${sql.raw(by.type)}`, ...key.map((each) => sql`${each}::text`)]);
  return sql<boolean>`(${left}) ${sql.raw(isDown ? '<' : '>')} (${right})`;
}

function writeCursor({ sort, value, key }: Cursor): string {
  return Buffer.from(JSON.stringify([1, sort, value, key])).toString('base64url');
}

function readCursor(text: string, sort: string, parts: number): Cursor {
  try {
    const [version, of, value, key] = JSON.parse(
      Buffer.from(text, 'base64url').toString('utf8'),
    ) as unknown[];
    if (
      version === 1 &&
      of === sort &&
      typeof value === 'string' &&
      Array.isArray(key) &&
      key.length === parts &&
      key.every((each) => typeof each === 'string')
    )
      return { sort, value, key: key as string[] };
  } catch {
    // Not ours: said below.
  }
  throw new AppError('bad-cursor');
}
