import { AppError } from '@bulwark/core';
import type { PoolClient } from 'pg';

/**
 * Refuses a new name that differs from one that is there in capitals alone: people, and the queries that name them, take one for the
 * other. What is there already stays. Until the transaction is over nobody else gives a name.
 *
 * @param table with the names that are there.
 * @param what has the names, as a sentence calls it.
 * @throws AppError `conflict`.
 */
export async function mustDiffer(
  client: PoolClient,
  name: string,
  { table, what }: { readonly table: 'app_user' | 'token'; readonly what: string },
): Promise<void> {
  await client.query("select pg_advisory_xact_lock(hashtext('names'))");
  const { rows } = await client.query<{ name: string }>(`select name from ${table}`);
  const same = rows.find((each) => each.name !== name && each.name.toLowerCase() === name.toLowerCase());
  if (same === undefined) return;
  throw new AppError('conflict', {
    detail: `There is a ${what} ${same.name} already, and capitals alone do not tell two names apart.`,
  });
}
