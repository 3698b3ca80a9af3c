import type { Query, QueryValue } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import { at, type QueryColumn } from './query-sql.ts';

/** Fields about when a finding was first seen. */
export const TIMES: ReadonlySet<string> = new Set(['first-seen', 'age']);

/** When the first and the last of the findings of a sum was first seen. */
export interface Times {
  readonly oldest: RawBuilder<unknown>;
  readonly newest: RawBuilder<unknown>;
}

/** The fields about times, for sums whose findings are all on the same side of every moment of a query. */
export function timeColumns({ oldest }: Times): Readonly<Record<string, QueryColumn>> {
  return { 'first-seen': { type: 'time', sql: oldest }, age: { type: 'age', sql: oldest } };
}

/** The moments at which the answers of a query's terms about times change. */
export function momentsOf(query: Query, now: Date): readonly number[] {
  switch (query.op) {
    case 'and':
    case 'or':
      return query.items.flatMap((item) => momentsOf(item, now));
    case 'not':
      return momentsOf(query.item, now);
    case 'field':
      return TIMES.has(query.field) ? query.values.flatMap((value) => momentsIn(value, now.getTime())) : [];
    case 'text':
      return [];
  }
}

function momentsIn(value: QueryValue, now: number): readonly number[] {
  switch (value.type) {
    case 'time':
      return [value.from, value.to];
    case 'relative':
      return [now + value.milliseconds];
    case 'duration':
      return [now - value.milliseconds, now - value.milliseconds - value.unit];
    default:
      return [];
  }
}

/** Whether the findings of a row `t` of sums are on both sides of a moment; undefined where there is no moment. */
export function isMixed(
  { oldest, newest }: Times,
  moments: readonly number[],
): RawBuilder<boolean> | undefined {
  if (moments.length === 0) return undefined;
  const around = moments.map((moment) => sql`(${oldest} <= ${at(moment)} and ${newest} >= ${at(moment)})`);
  return sql<boolean>`(${oldest} < ${newest} and (${sql.join(around, sql` or `)}))`;
}
