import type { Store } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import { CHANNEL } from './announce.ts';
import { notice } from './cluster-row.ts';
import type { ClusterState } from './clusters.ts';
import { beginWrite, mustWrite, type Writer } from './last-write.ts';
import { writeSeenKinds } from './seen-kinds.ts';
import { storableJson } from './storable-json.ts';

/** How much of a kind is seen, as the page shows it. */
export interface KindRecord {
  readonly kind: string;
  readonly state: 'pending' | 'listing' | 'live' | 'denied' | 'stale' | 'absent';
  readonly reason: string | null;
  readonly missingRule: string | null;
  readonly objects: number;
  readonly since: string;
}

/** What of the state of kinds is worth telling those who watch: not how many objects there are, which changes all the time. */
const TOLD_KINDS = `(select jsonb_agg(each - 'objects' - 'since') from jsonb_array_elements(kinds::jsonb) each)`;

export interface CoverageRecord {
  readonly code: string;
  readonly subject: string;
  /** Of the object that it tells of, empty for one in none; absent for what is of the cluster as a whole. */
  readonly namespace?: string;
  readonly kind: 'lost' | 'note';
  readonly reason: string;
  readonly remedy: string | null;
}

/** How much is seen of a cluster. */
export interface Sight {
  readonly at: Date;
  readonly state: ClusterState;
  readonly reason: string | null;
  /** Null where it is not seen now. */
  readonly lastSeen: Date | null;
  readonly kinds: readonly KindRecord[];
  /** The kinds that it does not serve, with their group: of them it is known that there is nothing. */
  readonly unserved: readonly string[];
  /** Whether all that was listed was judged once since the start. */
  readonly hasJudged: boolean;
  /** How many seconds the clock of its API server is ahead of the hub's, 0 where they agree; absent where that is not known. */
  readonly clockSkew?: number | undefined;
  /** Replaces what is known, where what stays keeps its time; before all is judged, only that of kinds of which it is known. */
  readonly coverage: readonly CoverageRecord[];
}

/**
 * Keeps how much is seen of a cluster, and tells those who watch when it is another thing than before.
 *
 * @throws LeaseLost where another hub may record the cluster by now, and WriteMissing where what the writer remembers is gone; then
 *   nothing is written.
 */
export function writeSight(
  { pool }: Store,
  cluster: number,
  sight: Sight,
  writer: Writer = {},
): Promise<void> {
  const { at, state, reason, lastSeen, kinds, unserved, hasJudged, clockSkew = null, coverage } = sight;
  const known = kinds.filter((each) => each.state !== 'pending' && each.state !== 'listing');
  const replaced = hasJudged ? null : [...known.map(({ kind }) => kind), ...unserved];
  return inTransaction(pool, async (client) => {
    await beginWrite(client, cluster, writer);
    const gaps = storableJson(coverage);
    await client.query(COVERAGE, [cluster, gaps, at, CHANNEL, notice(cluster, ['coverage']), replaced]);
    await writeSeenKinds(client, cluster, sight);
    const seen = [cluster, state, reason, lastSeen, storableJson(kinds)];
    await client.query(STATE, [...seen, CHANNEL, notice(cluster, ['clusters']), at, clockSkew]);
  });
}

/**
 * Says until when a live cluster was seen, where nothing else of it is to be written. Nobody is told. It is no write that others build on,
 * but a look whether what was written last is there.
 *
 * @throws LeaseLost and WriteMissing, as `writeSight` does.
 */
export function noteSeen({ pool }: Store, cluster: number, at: Date, writer: Writer = {}): Promise<void> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `update cluster set last_seen = case state when 'live' then $2 else last_seen end
       where id = $1 and ($3::uuid is null or last_write = $3)`,
      [cluster, at, writer.link?.after ?? null],
    );
    await mustWrite(client, cluster, writer, rowCount !== 0);
  });
}

// That a hub begins anew with a cluster, which is syncing then, is no outage of it.
const STATE = `
with before as (
  select id, state, reason, clock_skew, ${TOLD_KINDS} as told from cluster where id = $1
), after as (
  update cluster set state = $2, reason = $3, last_seen = coalesce($4, last_seen), kinds = $5, clock_skew = $9,
    clock_differs_since = case when $9 <> 0 then coalesce(clock_differs_since, $8) end,
    live_since = case $2 when 'live' then coalesce(live_since, $8) when 'syncing' then live_since end where id = $1
  returning id, state, reason, clock_skew, ${TOLD_KINDS} as told
)
select pg_notify($6, $7) from before join after using (id)
where (before.state, before.reason, before.clock_skew, before.told) is distinct from (after.state, after.reason, after.clock_skew, after.told)`;

const COVERAGE = `
with incoming as (
  select distinct on (code, subject) * from json_to_recordset($2) as x(code text, subject text, namespace text, kind text, reason text, remedy text)
), gone as (
  delete from coverage c where cluster_id = $1 and ($6::text[] is null or subject = any($6))
    and not exists (select from incoming i where i.code = c.code and i.subject = c.subject)
  returning code
), written as (
  insert into coverage as c (cluster_id, code, subject, namespace, kind, reason, remedy, since)
  select $1, code, subject, namespace, kind, reason, remedy, $3 from incoming
  on conflict (cluster_id, code, subject) do update set namespace = excluded.namespace, kind = excluded.kind,
    reason = excluded.reason, remedy = excluded.remedy
  where (c.namespace, c.kind, c.reason, c.remedy) is distinct from (excluded.namespace, excluded.kind, excluded.reason, excluded.remedy)
  returning code
)
select pg_notify($4, $5) where exists (select from gone) or exists (select from written)`;
