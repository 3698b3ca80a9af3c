import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Store } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import type { StoredMessage } from './deliveries.ts';

/** What is told of how the hub sees a cluster. */
export type OperationsEvent = { readonly cluster: { readonly id: number; readonly name: string } } & (
  | { readonly type: 'away'; readonly since: Date; readonly reason: string | null }
  | { readonly type: 'back'; readonly since: Date }
  | { readonly type: 'coverage'; readonly faults: readonly CoverageFault[] }
);

export interface CoverageFault {
  readonly code: string;
  readonly subject: string;
  readonly reason: string;
  readonly remedy: string | null;
}

interface Told {
  readonly routeId: number;
  readonly channelId: number;
  readonly clusterId: number;
  readonly clusterName: string;
}

function toldIn(channel: string): string {
  return `r.id as "routeId", ${channel} as "channelId", c.id as "clusterId", c.name as "clusterName"`;
}

/** SQL for whether it is as long ago as a route `r` waits. */
function waitedSince(moment: string): string {
  return `${moment} <= $1::timestamptz - r.away_minutes * interval '1 minute'`;
}

/** SQL for whether a route told the channel already of what another, `b`, has just begun to note. */
const IS_TOLD = `exists (
    select from trouble t where t.channel_id = b.channel_id and t.cluster_id = b.cluster_id and t.subject = b.subject)`;

const AWAY = `
with begun as (
  insert into trouble (route_id, cluster_id, subject, since, channel_id)
  select r.id, c.id, 'away', coalesce(c.last_seen, c.first_seen), r.channel_id from route r cross join cluster c
  where r.about = 'operations' and c.state = 'stale'
    and ${waitedSince('coalesce(c.last_seen, c.first_seen)')}
  on conflict do nothing returning *
)
select distinct on (r.channel_id, c.id) ${toldIn('r.channel_id')}, c.reason, b.since
from begun b join route r on r.id = b.route_id join cluster c on c.id = b.cluster_id
where not ${IS_TOLD} order by r.channel_id, c.id, r.id`;

// In the channel that was told that it is away, also where the route leads to another by now; by one that leads there, if any does.
const BACK = `
with ended as (
  delete from trouble t using cluster c where c.id = t.cluster_id and t.subject = 'away' and c.state in ('live', 'gone')
  returning t.*
)
select distinct on (e.channel_id, c.id) ${toldIn('e.channel_id')}, e.since
from ended e join route r on r.id = e.route_id or (r.about = 'operations' and r.channel_id = e.channel_id)
join cluster c on c.id = e.cluster_id
where e.channel_id is not null and c.state = 'live'
order by e.channel_id, c.id, r.channel_id <> e.channel_id, r.id`;

// What a cluster that is away, or not yet seen, lacks is no fault of its own, nor what has yet to come back after that: until then
// nothing has ended either, as a right that is missing comes to light anew. What was so before somebody asked is not worse.
const COVERAGE = `
with ended as (
  delete from trouble t using cluster c, route r where c.id = t.cluster_id and r.id = t.route_id and t.subject <> 'away'
    and c.state = 'live' and ${waitedSince('c.live_since')} and not exists (
    select from coverage v where v.cluster_id = t.cluster_id and t.subject = v.code || ' ' || v.subject)
), begun as (
  insert into trouble (route_id, cluster_id, subject, since, channel_id)
  select r.id, c.id, v.code || ' ' || v.subject, v.since, case when v.since > r.created_at then r.channel_id end
  from route r cross join cluster c join coverage v on v.cluster_id = c.id
  where r.about = 'operations' and c.state = 'live' and v.kind = 'lost'
    and (v.since <= r.created_at or ${waitedSince('greatest(v.since, c.live_since)')})
  on conflict do nothing returning *
), worse as (
  select channel_id, cluster_id, subject, min(route_id) as route_id from begun b
  where channel_id is not null and not ${IS_TOLD} group by 1, 2, 3
)
select min(w.route_id) as "routeId", w.channel_id as "channelId", c.id as "clusterId", c.name as "clusterName",
  jsonb_agg(jsonb_build_object('code', v.code, 'subject', v.subject, 'reason', v.reason, 'remedy', v.remedy)
    order by v.code, v.subject) as faults
from worse w join cluster c on c.id = w.cluster_id
join coverage v on v.cluster_id = c.id and w.subject = v.code || ' ' || v.subject
group by w.channel_id, c.id, c.name order by w.channel_id, c.id`;

/**
 * Notes what of the sight of clusters has to be told: a cluster is away for as long as a route wants, one is back, coverage got
 * worse. What is noted and the message are written together, so that each is told once, whatever happens to the hub; a channel to
 * which several routes lead is told once, by the first that tells it.
 */
export function planOperations(
  { pool }: Store,
  now: Date,
  compose: (id: string, event: OperationsEvent) => StoredMessage,
): Promise<void> {
  return inTransaction(pool, async (client) => {
    const tell = (told: Told, event: OperationsEvent) => insert(client, { told, event, now, compose });
    const away = await client.query<Told & { since: Date; reason: string | null }>(AWAY, [now]);
    for (const row of away.rows)
      await tell(row, { type: 'away', cluster: clusterOf(row), since: row.since, reason: row.reason });
    const back = await client.query<Told & { since: Date }>(BACK);
    for (const row of back.rows) await tell(row, { type: 'back', cluster: clusterOf(row), since: row.since });
    const worse = await client.query<Told & { faults: readonly CoverageFault[] }>(COVERAGE, [now]);
    for (const row of worse.rows)
      await tell(row, { type: 'coverage', cluster: clusterOf(row), faults: row.faults });
  });
}

function clusterOf({ clusterId, clusterName }: Told) {
  return { id: clusterId, name: clusterName };
}

async function insert(
  client: PoolClient,
  {
    told,
    event,
    now,
    compose,
  }: {
    readonly told: Told;
    readonly event: OperationsEvent;
    readonly now: Date;
    readonly compose: (id: string, event: OperationsEvent) => StoredMessage;
  },
): Promise<void> {
  const id = randomUUID();
  await client.query(
    `insert into delivery (message_id, channel_id, route_id, cluster_id, topic, key, state, message, at, due)
     values ($1, $2, $3, $4, 'operations', $5, 'waiting', $6, $7, $7)`,
    [id, told.channelId, told.routeId, told.clusterId, id, JSON.stringify(compose(id, event)), now],
  );
}
