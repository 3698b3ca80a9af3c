import type { Query } from '@bulwark/core';

export type FindingState = 'open' | 'excepted' | 'resolved';

export const EVERY_STATE: ReadonlySet<FindingState> = new Set(['open', 'excepted', 'resolved']);

/** Whether a query says something about a field. */
export function mentions(query: Query, field: string): boolean {
  switch (query.op) {
    case 'and':
    case 'or':
      return query.items.some((item) => mentions(item, field));
    case 'not':
      return mentions(query.item, field);
    case 'field':
      return query.field === field;
    case 'text':
      return false;
  }
}

/** What a query says of all findings in a state: undefined where that depends on more than the state. */
function answerFor(query: Query, state: FindingState): boolean | undefined {
  switch (query.op) {
    case 'and':
    case 'or': {
      const answers = query.items.map((item) => answerFor(item, state));
      const decisive = query.op === 'or';
      if (answers.includes(decisive)) return decisive;
      return answers.includes(undefined) ? undefined : !decisive;
    }
    case 'not': {
      const answer = answerFor(query.item, state);
      return answer === undefined ? undefined : !answer;
    }
    case 'field':
      if (query.field !== 'state') return undefined;
      return query.values.some((value) => value.type === 'enum' && value.value === state);
    case 'text':
      return undefined;
  }
}

/** The states of which a query may find something. Open ones alone, where it says nothing about states. */
export function statesOf(query: Query): ReadonlySet<FindingState> {
  if (!mentions(query, 'state')) return new Set(['open']);
  return new Set([...EVERY_STATE].filter((state) => answerFor(query, state) !== false));
}

/** A query without what it says of all findings in its states alike: of what else it asks nothing need be guessed. */
export function withoutState(query: Query): Query {
  const states = [...statesOf(query)];
  const saysNothing = (part: Query) => states.every((state) => answerFor(part, state) === true);
  if (query.op !== 'and') return saysNothing(query) ? { op: 'and', items: [] } : query;
  return { op: 'and', items: query.items.filter((item) => !saysNothing(item)) };
}
