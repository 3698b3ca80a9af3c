import type { Pool, PoolClient } from 'pg';
import { retainBuilds } from './builds/retain.ts';
import { forgetExceptions } from './forget-exceptions.ts';
import { placeOf } from './place.ts';
import { WORDS_OF_FINDING } from './search/words.ts';
import { inTransaction } from './transaction.ts';
import { announce } from './write/announce.ts';

/** By the month in which an interval ends; of changes, in which they were seen. */
const PARTITIONED = ['resource_past', 'finding_past', 'change'] as const;
const AHEAD = 2;
/** Any number, the same for all hubs: the second ten digits of pi. */
const LOCK = 5_897_932_384;

function monthOf(moment: Date, offset = 0): string {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + offset, 1))
    .toISOString()
    .slice(0, 10);
}

function nameOf(table: string, month: string): string {
  return `${table}_${month.slice(0, 7).replace('-', '_')}`;
}

/** Makes the partitions of a month and of the two after it. */
export async function ensurePartitions(pool: Pool, now: Date, back = 1): Promise<void> {
  await inTurn(pool, async (client) => {
    // Two processes that make the same partition would fail each other.
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    for (let offset = -back; offset <= AHEAD; offset++) {
      const from = monthOf(now, offset);
      for (const table of PARTITIONED)
        await client.query(
          `create table if not exists ${nameOf(table, from)} partition of ${table} for values from ('${from}') to ('${monthOf(now, offset + 1)}')`,
        );
    }
  });
}

const MADE = new WeakMap<Pool, Set<string>>();

/** Makes the partitions of a moment where this process has not yet seen to it: a history may begin long ago. */
export async function ensureMonth(pool: Pool, moment: Date): Promise<void> {
  const made = MADE.get(pool) ?? new Set();
  MADE.set(pool, made);
  const month = monthOf(moment);
  if (made.has(month)) return;
  await ensurePartitions(pool, moment, 0);
  made.add(month);
}

/** How long other work may be held up by dropping; where it is busy, the next day tries again. */
const PATIENCE = '5s';

/** Drops what ended before the month of a moment, with the bodies that nothing has any more. Returns what was dropped. */
export async function retain(pool: Pool, from: Date): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(
    'select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent where p.relname = any($1)',
    [[...PARTITIONED]],
  );
  const oldest = monthOf(from).slice(0, 7).replace('-', '_');
  const dropped = rows
    .map(({ name }) => name)
    .filter((name) => name.slice(-7) < oldest)
    .sort();
  for (const name of dropped) await inTurn(pool, (client) => client.query(`drop table ${name}`));
  await pool.query('delete from posture_day where day < $1', [from]);
  await pool.query('delete from past_counter where at < $1', [from]);
  await pool.query('delete from delivery where done_at < $1', [from]);
  await pool.query('delete from triage_event where at < $1', [from]);
  await pool.query('delete from seen_kind where seen_until < $1', [from]);
  await pool.query('delete from clock_ahead where until < $1', [from]);
  await retainBuilds(pool, from);
  await inEachCluster(pool, FORGET_REQUESTS);
  await forgetExceptions(pool);
  await dropUnusedBodies(pool);
  if (dropped.length > 0) {
    await dropUnusedWords(pool);
    await inEachCluster(pool, FORGET_NAMESPACES);
    await inEachCluster(pool, FORGET_FORMER);
    await announce(pool, { clusters: 'all', namespaces: 'all', topics: ['inventory', 'findings'] });
  }
  return dropped;
}

/** What annotations asked for and no longer do: where nobody has answered, nothing was decided that has to be kept. */
const FORGET_REQUESTS = `
delete from exception e where e.cluster_id = $1 and e.annotation is not null and e.state = 'requested' and not exists (
  select from finding f where f.cluster_id = $1 and f.namespace = ${placeOf('e')} and f.control = e.control
    and f.kind = e.kind and f.name = e.name and f.requested->>'reason' = e.reason
    and (f.requested->>'until')::date is not distinct from e.until)`;

/** Names that neither a live nor a past object nor a change has any more. */
const FORGET_NAMESPACES = `
delete from known_namespace k where k.cluster_id = $1 and not exists (
  select from (
    select namespace as name from resource where cluster_id = $1
    union select name from resource where cluster_id = $1 and kind = 'Namespace'
    union select namespace from resource_past where cluster_id = $1
    union select name from resource_past where cluster_id = $1 and kind = 'Namespace'
    union select namespace from change where cluster_id = $1
    union select name from change where cluster_id = $1 and kind = 'Namespace'
  ) used where used.name = k.name)`;

/** Former names of findings that are neither there nor in the past any more. */
const FORGET_FORMER = `
delete from former_fingerprint m where m.cluster_id = $1
  and not exists (select from finding f where f.cluster_id = $1 and f.fingerprint = coalesce(m.fingerprint, m.former))
  and not exists (select from finding_past p where p.cluster_id = $1 and p.fingerprint = coalesce(m.fingerprint, m.former))`;

/** Bodies are shared, so that only what neither a live nor a past object nor a change names can go. */
export function dropUnusedBodies(pool: Pool): Promise<number> {
  return inEachCluster(
    pool,
    `delete from body b where b.cluster_id = $1 and not exists (
      select from (
        select body_hash as hash from resource where cluster_id = $1
        union all select kin_hash from resource where cluster_id = $1
        union all select body_hash from resource_past where cluster_id = $1
        union all select kin_hash from resource_past where cluster_id = $1
        union all select before from change where cluster_id = $1
        union all select after from change where cluster_id = $1
      ) used where used.hash = b.hash)`,
  );
}

function dropUnusedWords(pool: Pool): Promise<number> {
  return inEachCluster(
    pool,
    `delete from word w where w.cluster_id = $1 and not exists (
      select from (
        select unnest(${WORDS_OF_FINDING}) as word from finding where cluster_id = $1
        union select unnest(${WORDS_OF_FINDING}) from finding_past where cluster_id = $1
      ) used where used.word = w.word)`,
  );
}

/** Cluster by cluster, while no batch is written that may be about to name what goes. */
async function inEachCluster(pool: Pool, statement: string): Promise<number> {
  const { rows } = await pool.query<{ id: number }>('select id from cluster order by id');
  let count = 0;
  for (const { id } of rows)
    count += await inTurn(pool, async (client) => {
      await client.query('select from cluster where id = $1 for update', [id]);
      const { rowCount } = await client.query(statement, [id]);
      return rowCount ?? 0;
    });
  return count;
}

/** In a transaction that does not hold up other work for long. */
function inTurn<T>(pool: Pool, act: (client: PoolClient) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query(`set local lock_timeout = '${PATIENCE}'`);
    return act(client);
  });
}
