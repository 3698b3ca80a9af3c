import type { Pool, PoolClient } from 'pg';
import { prepared } from './prepared.ts';

/** The channel on which writers say that something has changed; the payload is the cluster and what changed. */
export const CHANNEL = 'bulwark';

/** What can change as one. */
export type Topic = 'inventory' | 'findings' | 'exceptions' | 'triage';

const ANNOUNCE = `
with stated as (
  insert into topic_state (cluster_id, topic, state)
  select coalesce($1::int, 0), topic, gen_random_uuid() from unnest($2::text[]) as x(topic) order by topic
  on conflict (cluster_id, topic) do update set state = excluded.state
)
select pg_notify($3, $4)`;

/**
 * Says that something has changed: to all who listen, and to all who kept an answer. It belongs at the end of the transaction
 * that changes it: who reads the new state reads what is new as well, and nobody is held up for long.
 *
 * @param cluster null for what is of no cluster.
 */
export async function announce(
  client: Pick<PoolClient | Pool, 'query'>,
  { cluster, topics }: { readonly cluster: number | null; readonly topics: readonly Topic[] },
): Promise<void> {
  if (topics.length === 0) return;
  await client.query(prepared(ANNOUNCE), [cluster, topics, CHANNEL, JSON.stringify({ cluster, topics })]);
}
