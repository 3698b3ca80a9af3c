import type { Pool, PoolClient } from 'pg';
import { prepared } from './prepared.ts';

/** The channel on which writers say that something has changed. */
export const CHANNEL = 'bulwark';

/** What can change as one, and what answers are kept by. */
export type Topic = 'inventory' | 'findings' | 'exceptions' | 'triage';

/** What changed, and where, so that it is told to nobody who may not see that place. */
export interface Notice {
  readonly topics: readonly string[];
  /** All of them for what is of no cluster. */
  readonly clusters: 'all' | readonly number[];
  /** Names, or patterns with *; the empty name is what is in no namespace. */
  readonly namespaces: 'all' | readonly string[];
}

/** What is told of what is set or was sent, and of who did what: administrators alone may hear it. */
export const SETTINGS_CHANGED = JSON.stringify({
  topics: ['settings'],
  clusters: 'all',
  namespaces: 'all',
} satisfies Notice);

const ANNOUNCE = `
with stated as (
  insert into topic_state (cluster_id, topic, state)
  select cluster, topic, gen_random_uuid() from unnest($1::int[]) cluster cross join unnest($2::text[]) topic
  order by cluster, topic
  on conflict (cluster_id, topic) do update set state = excluded.state
)
select pg_notify($3, payload) from unnest($4::text[]) payload`;

/** What stands for no cluster. */
const NO_CLUSTER = [0];

/**
 * Says that something has changed: to all who listen, and to all who kept an answer. It belongs at the end of the transaction
 * that changes it: who reads the new state reads what is new as well, and nobody is held up for long.
 */
export async function announce(
  client: Pick<PoolClient | Pool, 'query'>,
  notice: Notice & { readonly topics: readonly Topic[] },
): Promise<void> {
  const { topics } = notice;
  const clusters = notice.clusters === 'all' ? 'all' : [...new Set(notice.clusters)];
  const stated = clusters === 'all' ? NO_CLUSTER : clusters;
  await client.query(prepared(ANNOUNCE), [stated, topics, CHANNEL, payloadsOf({ ...notice, clusters })]);
}

/** PostgreSQL takes less than 8,000 bytes (NOTIFY). */
const MOST_BYTES = 7000;

/**
 * What is told, in parts where it names very many namespaces. What names none is told too: those who may see all of them hear it,
 * and so does whoever judges.
 */
export function payloadsOf(notice: Notice): readonly string[] {
  const { namespaces } = notice;
  if (namespaces === 'all') return [JSON.stringify(notice)];
  let last: string[] = [];
  const parts = [last];
  let bytes = 0;
  for (const name of new Set(namespaces)) {
    const size = Buffer.byteLength(JSON.stringify(name)) + 1;
    bytes += size;
    if (bytes > MOST_BYTES) {
      last = [];
      parts.push(last);
      bytes = size;
    }
    last.push(name);
  }
  return parts.map((part) => JSON.stringify({ ...notice, namespaces: part }));
}
