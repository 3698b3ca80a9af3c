import { leaseHolders } from '../lease.ts';
import type { Store } from '../store.ts';

/**
 * Leaves its name to a cluster that is recorded: others that were called so and that no hub records, such as the one before it at
 * its address, are told apart by when they were seen last. One that is recorded again has the name that its hub has for it.
 */
export async function keepName({ pool }: Store, cluster: number, name: string): Promise<void> {
  const { rows } = await pool.query<{ id: number; until: Date }>(
    `select id, coalesce(last_seen, first_seen) as until from cluster
     where name = $1 and id <> $2 and not is_demo order by id`,
    [name, cluster],
  );
  if (rows.length === 0) return;
  const held = await leaseHolders(pool);
  for (const { id, until } of rows.filter((row) => !held.has(row.id))) {
    const ended = `until ${until.toISOString().slice(0, 'YYYY-MM-DDThh:mm'.length).replace('T', ' ')} UTC`;
    await pool.query(
      `update cluster set name = case when exists (select from cluster where name = $2) then $3 else $2 end where id = $1`,
      [id, `${name} (${ended})`, `${name} (${ended}, number ${id})`],
    );
  }
}
