import { joinQueries, negateQuery, type Query, type QueryValue } from '@bulwark/core';
import {
  deferredFindings,
  isOfDeferral,
  type ListRequest,
  type Scope,
  type Store,
  type Times,
} from '@bulwark/store';
import { takenQuery } from './taken-query.ts';

type Asked = ListRequest & Times;

/** What the queue is made of, and what of it is put off. */
export interface Undeferred {
  readonly request: Asked;
  /** As people would write it: what finds in a list what is in the queue. */
  readonly written: Query;
  /** Null where nothing is left out. */
  readonly deferred: {
    readonly findings: number;
    readonly query: string | null;
    readonly next: string;
  } | null;
}

const NOW: QueryValue = { type: 'relative', milliseconds: 0 };

/** A request without what is deferred beyond its moment. Whoever asks for deferrals themselves gets what they ask for. */
export async function withoutDeferred(store: Store, scope: Scope, request: Asked): Promise<Undeferred> {
  const { query } = request;
  const whole = { request, written: query, deferred: null };
  if (isOfDeferral(query)) return whole;
  const { findings, next } = await deferredFindings(store, scope, request);
  if (next === null) return whole;
  const from = next.getTime();
  // Until the first of them comes back, those are the same findings: the answer can be kept as long, and no longer.
  const isDeferred = deferredUntil('>=', { type: 'time', from, to: from + 1 });
  const written = deferredUntil('>', NOW);
  return {
    request: { ...request, query: joinQueries('and', [query, negateQuery(isDeferred)]) },
    written: joinQueries('and', [query, negateQuery(written)]),
    deferred: {
      findings,
      query: takenQuery(joinQueries('and', [query, written])),
      next: next.toISOString(),
    },
  };
}

function deferredUntil(compare: '>' | '>=', value: QueryValue): Query {
  return { op: 'field', field: 'deferred-until', compare, values: [value] };
}
