import { type RawBuilder, sql } from 'kysely';
import type { PlainColumn } from './query-sql.ts';

/**
 * The columns that say who made changes.
 *
 * @param actors an actor as JSON, or an array of them. A path reads both alike.
 */
export function actorColumns(
  actors: RawBuilder<unknown>,
): Readonly<Record<'actor' | 'group' | 'address' | 'program', PlainColumn>> {
  const at = (path: string) => sql`jsonb_path_query_array(${actors}, ${sql.lit(path)})`;
  const list = (found: RawBuilder<unknown>): PlainColumn => ({
    type: 'list',
    sql: sql`array(select jsonb_array_elements_text(${found}))`,
  });
  const ofOthers = (name: string) => at(`$.others[*].${name}`);
  const value = (name: string) => at(`$.${name} ? (@ != null)`);
  return {
    actor: list(
      sql`${value('user')} || ${value('impersonatedBy')} || ${at('$.managers[*]')} || ${ofOthers('user')} || ${ofOthers('impersonatedBy')}`,
    ),
    group: list(sql`${at('$.groups[*]')} || ${ofOthers('groups[*]')}`),
    address: list(sql`${value('address')} || ${ofOthers('address')}`),
    program: list(sql`${value('userAgent')} || ${ofOthers('userAgent')}`),
  };
}

/** All that an actor says, for free text: the texts that are written there, and none of the names of their fields. */
export function actorText(actor: RawBuilder<unknown>): RawBuilder<unknown> {
  const texts = sql.lit('strict $.** ? (@.type() == "string")');
  return sql`(select string_agg(each #>> '{}', ' ') from jsonb_path_query(${actor}, ${texts}) each)`;
}
