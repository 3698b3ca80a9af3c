import { LONGEST_QUERY } from '@bulwark/api';
import { printQuery, type Query } from '@bulwark/core';

/** A query as text. Null where it would be longer than what is taken: a shorter one would find more than is meant. */
export function takenQuery(query: Query): string | null {
  const text = printQuery(query);
  return text.length > LONGEST_QUERY ? null : text;
}
