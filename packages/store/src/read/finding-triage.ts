import { FINDING_FIELDS, matchesQuery, type Query } from '@bulwark/core';
import { mentions } from './finding-state.ts';

/** Fields whose values come from triage. */
const FIELDS: ReadonlySet<string> = new Set(['assignee', 'acknowledged', 'deferred-until']);

const EVERYTHING: Query = { op: 'and', items: [] };
const NOTHING: Query = { op: 'or', items: [] };

/** Whether a query says something about triage. */
export function isOfTriage(query: Query): boolean {
  return [...FIELDS].some((field) => mentions(query, field));
}

/** Whether a query says something about until when findings are deferred. */
export function isOfDeferral(query: Query): boolean {
  return mentions(query, 'deferred-until');
}

/** What a query asks of findings of which nothing was decided in triage, without what it says about that. */
export function ofUntriaged(query: Query): Query {
  switch (query.op) {
    case 'and':
    case 'or':
      return { op: query.op, items: query.items.map(ofUntriaged) };
    case 'not':
      return { op: 'not', item: ofUntriaged(query.item) };
    case 'field':
      return FIELDS.has(query.field) ? answerTo(query) : query;
    case 'text':
      return query;
  }
}

/** Nobody is assigned, it is not acknowledged, and there is no day until which it is deferred. */
function answerTo(term: Extract<Query, { readonly op: 'field' }>): Query {
  const value = term.field === 'acknowledged' ? false : undefined;
  const fits = matchesQuery(term, { value: () => value, texts: [] }, { fields: FINDING_FIELDS, now: 0 });
  return fits ? EVERYTHING : NOTHING;
}

/** Whether a query plainly finds nothing. */
export function isNothing(query: Query): boolean {
  switch (query.op) {
    case 'and':
      return query.items.some(isNothing);
    case 'or':
      return query.items.every(isNothing);
    case 'not':
      return query.item.op === 'and' && query.item.items.length === 0;
    case 'field':
    case 'text':
      return false;
  }
}
