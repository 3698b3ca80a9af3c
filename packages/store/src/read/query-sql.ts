import type { Comparison, FieldTerm, Query, QueryValue, TextPattern } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';

/** How a field of a query is found in a relation `t`. */
export type QueryColumn =
  | { readonly type: 'text' | 'number' | 'boolean' | 'time'; readonly sql: RawBuilder<unknown> }
  /** The time since a moment: `age:>7d` is a moment before. */
  | { readonly type: 'age'; readonly sql: RawBuilder<unknown> }
  /** Stored as the number of the value, the least 0. */
  | { readonly type: 'rank'; readonly sql: RawBuilder<unknown> }
  /** Stored as the value. */
  | { readonly type: 'enum'; readonly sql: RawBuilder<unknown> }
  | { readonly type: 'list'; readonly sql: RawBuilder<unknown> };

/** What a query can ask of a relation. */
export interface QueryColumns {
  readonly fields: Readonly<Record<string, QueryColumn>>;
  /** What free text is searched in. */
  readonly texts: readonly RawBuilder<unknown>[];
}

type Condition = RawBuilder<boolean>;

const FALSE = sql<boolean>`false`;
const TRUE = sql<boolean>`true`;

/** A query as a condition; it means what `matchesQuery` of core means. */
export function toSql(query: Query, columns: QueryColumns, now: Date): Condition {
  switch (query.op) {
    case 'and':
      return all(
        query.items.map((item) => toSql(item, columns, now)),
        'and',
      );
    case 'or':
      return all(
        query.items.map((item) => toSql(item, columns, now)),
        'or',
      );
    case 'not':
      return sql<boolean>`not coalesce(${toSql(query.item, columns, now)}, false)`;
    case 'text': {
      const pattern = like(['', ...query.parts, '']);
      return all(
        columns.texts.map((text) => sql<boolean>`${text} ilike ${pattern}`),
        'or',
      );
    }
    case 'field':
      return term(query, columns, now);
  }
}

function all(conditions: readonly Condition[], word: 'and' | 'or'): Condition {
  if (conditions.length === 0) return word === 'and' ? TRUE : FALSE;
  return sql<boolean>`(${sql.join([...conditions], sql.raw(` ${word} `))})`;
}

/** LIKE's own wildcards mean themselves. */
function like(parts: TextPattern): string {
  return parts.map((part) => part.replaceAll(/[\\%_]/g, '\\$&')).join('%');
}

function term({ field, compare, values }: FieldTerm, { fields }: QueryColumns, now: Date): Condition {
  const column = fields[field];
  if (column === undefined) return FALSE;
  return all(
    values.map((value) => compared(column, compare, value, now)),
    'or',
  );
}

type Column = RawBuilder<unknown>;
type Compared = (column: Column, compare: Comparison, value: QueryValue, now: Date) => Condition;

/** How a column of each type is compared; a value of another type fits nothing. */
const COMPARED: Readonly<Record<QueryColumn['type'], Compared>> = {
  text: (column, _compare, value) => (value.type === 'text' ? textEquals(column, value.parts) : FALSE),
  list: (column, _compare, value) =>
    value.type === 'text'
      ? sql<boolean>`exists (select from unnest(${column}) as each(item) where ${textEquals(sql`each.item`, value.parts)})`
      : FALSE,
  boolean: (column, _compare, value) =>
    value.type === 'boolean' ? sql<boolean>`(${column}) = ${value.value}` : FALSE,
  enum: (column, _compare, value) =>
    value.type === 'enum' ? sql<boolean>`(${column}) = ${value.value}` : FALSE,
  rank: (column, compare, value) =>
    value.type === 'enum' ? ordered(sql`(${column})`, compare, sql`${value.rank}`) : FALSE,
  number: (column, compare, value) =>
    value.type === 'number' ? ordered(sql`(${column})`, compare, sql`${value.value}`) : FALSE,
  time: timed,
  age: aged,
};

function compared(column: QueryColumn, compare: Comparison, value: QueryValue, now: Date): Condition {
  if (value.type !== 'none') return COMPARED[column.type](column.sql, compare, value, now);
  return column.type === 'list'
    ? sql<boolean>`coalesce(cardinality(${column.sql}), 0) = 0`
    : sql<boolean>`(${column.sql}) is null`;
}

function textEquals(text: RawBuilder<unknown>, parts: TextPattern): Condition {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && /^[a-z0-9./:_-]*$/.test(only))
    // Names in a cluster are lower case, so that the plain comparison, which has an index, finds them first.
    return sql<boolean>`(${text} = ${only} or lower(${text}) = ${only})`;
  return sql<boolean>`${text} ilike ${like(parts)}`;
}

function ordered(column: RawBuilder<unknown>, compare: Comparison, value: RawBuilder<unknown>): Condition {
  return sql<boolean>`${column} ${sql.raw(compare)} ${value}`;
}

function at(milliseconds: number): RawBuilder<unknown> {
  return sql`${new Date(Math.min(8.64e15, Math.max(-8.64e15, milliseconds)))}::timestamptz`;
}

function timed(column: RawBuilder<unknown>, compare: Comparison, value: QueryValue, now: Date): Condition {
  if (value.type === 'ago')
    return compare === '=' ? FALSE : ordered(column, compare, at(now.getTime() - value.milliseconds));
  if (value.type !== 'time') return FALSE;
  switch (compare) {
    case '=':
      return sql<boolean>`(${column} >= ${at(value.from)} and ${column} < ${at(value.to)})`;
    case '<':
      return ordered(column, '<', at(value.from));
    case '<=':
      return ordered(column, '<', at(value.to));
    case '>':
      return ordered(column, '>=', at(value.to));
    case '>=':
      return ordered(column, '>=', at(value.from));
  }
}

/** Older is earlier: comparisons turn round. */
const TURNED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' } as const;

function aged(column: RawBuilder<unknown>, compare: Comparison, value: QueryValue, now: Date): Condition {
  if (value.type !== 'duration') return FALSE;
  const moment = now.getTime() - value.milliseconds;
  if (compare === '=')
    return sql<boolean>`(${column} <= ${at(moment)} and ${column} > ${at(moment - value.unit)})`;
  return ordered(column, TURNED[compare], at(moment));
}
