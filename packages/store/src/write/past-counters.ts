import { sql } from 'kysely';
import { countersAt } from '../read/counters.ts';
import type { Store } from '../store.ts';

const DAY_MS = 86_400_000;

/**
 * Keeps the sums of each midnight (UTC) from a moment on of which they are not kept yet, for each cluster that has written
 * since: no batch is ever written before another one, so that what was then is known for good. The latest comes first, as each
 * is worked out from the one after it. Cost: once, what moved in all that time; later what moved in a day.
 *
 * @param now after it, there is no midnight.
 * @returns how many were added.
 */
export async function keepPastCounters(
  { db }: Store,
  { from, now }: { readonly from: Date; readonly now: Date },
): Promise<number> {
  let added = 0;
  const first = Math.ceil(from.getTime() / DAY_MS);
  for (let day = Math.floor(now.getTime() / DAY_MS); day >= first; day--) {
    const at = new Date(day * DAY_MS);
    const { rows } = await sql<{ id: number }>`
      select c.id from cluster c where c.written_at > ${at} and c.first_seen <= ${at}
        and not exists (select from past_counter p where p.cluster_id = c.id and p.at = ${at})`.execute(db);
    if (rows.length === 0) continue;
    const { numAffectedRows } = await sql`
      insert into past_counter (cluster_id, at, namespaces, controls, severities, open, excepted)
      select c.id, ${at}, ${arrays}
      from cluster c left join ${countersAt(at)} t on t.cluster_id = c.id
      where c.id = any(${rows.map(({ id }) => id)}::int[]) group by c.id
      on conflict (cluster_id, at) do nothing`.execute(db);
    added += Number(numAffectedRows ?? 0);
  }
  return added;
}

/** The sums of a cluster, each column as an array in the same order; empty arrays where there is none. */
const arrays = sql.join(
  ['namespace', 'control', 'severity', 'open', 'excepted'].map(
    (column) => sql`coalesce(array_agg(${sql.ref(`t.${column}`)} order by t.namespace, t.control, t.severity)
      filter (where t.control is not null), '{}')`,
  ),
);
