import { type RawBuilder, sql } from 'kysely';

/** A text as queries compare it: what `foldCase` of core makes of it, in a database of any locale. */
export function folded(text: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`lower((${text}) collate "C")`;
}
