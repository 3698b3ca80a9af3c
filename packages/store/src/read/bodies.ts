import type { JsonObject } from '@bulwark/core';
import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';

export interface StoredBody {
  readonly hash: string;
  readonly content: JsonObject;
}

/** Bodies by their hashes, as far as an object of the scope has them or has had them. */
export async function bodiesOf(
  { db }: Store,
  scope: Scope,
  hashes: readonly string[],
): Promise<readonly StoredBody[]> {
  if (hashes.length === 0) return [];
  const namespace = sql`(case when t.kind = 'Namespace' then t.name else t.namespace end)`;
  const has = (table: string) =>
    sql`exists (select from ${sql.raw(table)} t where t.body_hash = b.hash and ${inScope(scope, namespace)})`;
  const { rows } = await sql<StoredBody>`
    select b.hash, b.content from body b
    where b.hash = any(${[...hashes]}::uuid[]) and (${has('resource')} or ${has('resource_past')})`.execute(
    db,
  );
  return rows;
}
