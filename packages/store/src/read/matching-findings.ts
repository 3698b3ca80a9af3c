import { joinQueries, type Query } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import { findingColumns, findingSource, inStates, type Times } from './finding-columns.ts';
import { statesOf, withoutState } from './finding-state.ts';
import type { ListRequest } from './page.ts';
import { toSql } from './query-sql.ts';

/** The findings that a query asks for. */
export function matching(
  scope: Scope,
  request: Pick<ListRequest, 'query' | 'now' | 'frameworks'> & Times,
  hint: RawBuilder<boolean> | undefined,
): RawBuilder<unknown> {
  const states = statesOf(request.query);
  const query = withoutState(request.query);
  return sql`(select t.* from ${findingSource(request, states)} t
    where ${inScope(scope)} and ${inStates(states)} and ${toSql(query, findingColumns(request), request.now)}
      and ${hint ?? sql`true`})`;
}

/** What a query asks of some controls alone. */
export function ofControls(query: Query, ids: readonly string[]): Query {
  const isOf: Query = {
    op: 'field',
    field: 'control',
    compare: '=',
    values: ids.map((id) => ({ type: 'text', parts: [id] })),
  };
  return joinQueries('and', [isOf, query]);
}
