import type { PoolClient } from 'pg';
import { CHANNEL } from './announce.ts';
import { notice } from './cluster-row.ts';

/** The clocks of two hubs, or of one that is set by a little, may differ by so much. */
const AHEAD_MS = 10_000;

/**
 * Notes that the history of a cluster lies ahead of the clock of the hub, if it does, and tells those who watch when it begins to.
 *
 * @param moments.now by the clock of the hub.
 * @param moments.written the last moment of the history.
 */
export async function noteAhead(
  client: PoolClient,
  cluster: number,
  { now, written }: { readonly now: Date; readonly written: Date },
): Promise<void> {
  if (written.getTime() - now.getTime() <= AHEAD_MS) return;
  await client.query(NOTE, [cluster, now, written, CHANNEL, notice(cluster, ['clusters'])]);
}

const NOTE = `
with longer as (
  update clock_ahead set until = greatest(until, $3) where cluster_id = $1 and since <= $2 and until >= $2 returning since
), added as (
  insert into clock_ahead (cluster_id, since, until)
  select $1::int, $2::timestamptz, $3::timestamptz where not exists (select from longer)
  returning since
)
select pg_notify($4, $5) from added`;
