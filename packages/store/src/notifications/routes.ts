import { AppError } from '@bulwark/core';
import type { PoolClient } from 'pg';
import type { Store } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import { IS_LEFT, leaveEnds, TELLER } from './left-ends.ts';
import { sameReader } from './reader.ts';

/** Which findings are told where. */
export interface RouteRecord {
  readonly id: number;
  readonly channelId: number;
  readonly channelName: string;
  /** The least severity, as a number. */
  readonly severity: number;
  /** Patterns with `*`, which is any owner; the empty one is what nobody owns; null is everything. */
  readonly owners: readonly string[] | null;
  /** Patterns with `*`, which is any namespace; null is everything, also what lies in none. */
  readonly namespaces: readonly string[] | null;
  /** How long is gathered for one message about everything; 0 is a message for each root cause and owner, at once. */
  readonly digestMinutes: number;
  readonly tellsResolved: boolean;
  /** Operations are how the hub sees clusters; the parts above say nothing of these. */
  readonly about: 'findings' | 'operations';
  /** How long a cluster is away, or a fault of coverage is there, before that is told. */
  readonly awayMinutes: number;
  /** Whether a message goes to the contact of its owner where the channel allows, else to the channel. */
  readonly toContact: boolean;
  readonly createdAt: Date;
}

export type NewRoute = Omit<RouteRecord, 'id' | 'channelName' | 'createdAt'>;

const ROUTE = `r.id, r.channel_id as "channelId", c.name as "channelName", r.severity, r.owners, r.namespaces,
  r.digest_minutes as "digestMinutes", r.tells_resolved as "tellsResolved", r.about,
  r.away_minutes as "awayMinutes", r.to_contact as "toContact", r.created_at as "createdAt"`;
const FOREIGN_KEY_VIOLATION = '23503';

export async function listRoutes({ pool }: Store): Promise<readonly RouteRecord[]> {
  const { rows } = await pool.query<RouteRecord>(
    `select ${ROUTE} from route r join channel c on c.id = r.channel_id order by c.name, r.severity desc, r.id`,
  );
  return rows;
}

const COLUMNS =
  'channel_id, severity, owners, namespaces, digest_minutes, tells_resolved, about, away_minutes, to_contact';

function valuesOf(route: NewRoute) {
  const { channelId, severity, owners, namespaces, digestMinutes, tellsResolved } = route;
  const { about, awayMinutes, toContact } = route;
  return [
    channelId,
    severity,
    owners,
    namespaces,
    digestMinutes,
    tellsResolved,
    about,
    awayMinutes,
    toContact,
  ];
}

/** @throws AppError `not-found` where there is no such channel. */
export function createRoute({ pool }: Store, route: NewRoute, now: Date): Promise<RouteRecord> {
  return write(
    pool,
    `with r as (
      insert into route (${COLUMNS}, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning *
    ) select ${ROUTE} from r join channel c on c.id = r.channel_id`,
    [...valuesOf(route), now],
  );
}

/**
 * Changes a route. What it has gathered goes where it leads now, and no later than what it gathers from now on; to the contacts that
 * were found for it, if it may lead to contacts there. What ended of what the channel was told to which it leads no more stays there.
 *
 * @throws AppError `not-found` where there is no such route or channel.
 */
export function updateRoute({ pool }: Store, id: number, route: NewRoute): Promise<RouteRecord> {
  return inTransaction(pool, async (client) => {
    const { rowCount: isLeft } = await client.query('select from route where id = $1 and channel_id <> $2', [
      id,
      route.channelId,
    ]);
    if (isLeft === 1) await leaveEnds(client, id, { staysItself: true });
    return write(client, UPDATE, [...valuesOf(route), id]);
  });
}

const UPDATE = `with r as (
      update route set (${COLUMNS}) = ($1, $2, $3, $4, $5, $6, $7, $8, $9) where id = $10 returning *
    ), moved as (
      update delivery set channel_id = $1, contact_of = case when $9 then contact_of end,
        reader = case when $9 and exists (select from channel where id = $1 and type <> 'webhook') then reader end,
        due = case when state = 'gathering' and topic = 'digest' then least(due, at + $5::int * interval '1 minute') else due end
      where route_id = $10 and state in ('gathering', 'waiting') and message is null and not ${IS_LEFT}
    ) select ${ROUTE} from r join channel c on c.id = r.channel_id`;

async function write(
  client: Pick<PoolClient, 'query'>,
  sql: string,
  values: unknown[],
): Promise<RouteRecord> {
  try {
    const [row] = (await client.query<RouteRecord>(sql, values)).rows;
    if (row === undefined) throw new AppError('not-found');
    return row;
  } catch (error) {
    throw (error as { code?: unknown }).code === FOREIGN_KEY_VIOLATION ? new AppError('not-found') : error;
  }
}

/**
 * Removes a route with what it has gathered and not sent: whoever removes it wants no more of it. What it was to tell for another one as
 * well stays, as that of the other, and so does what ended of what the channel was told; what a channel was told of clusters goes on as
 * that of another one about operations that leads there.
 */
export function deleteRoute({ pool }: Store, id: number): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    await client.query(HAND_ON, [id]);
    await client.query(
      "delete from delivery where route_id = $1 and state = 'waiting' and message is not null",
      [id],
    );
    await leaveEnds(client, id, { staysItself: false });
    await client.query("delete from delivery where route_id = $1 and state in ('gathering', 'waiting')", [
      id,
    ]);
    return (await client.query('delete from route where id = $1', [id])).rowCount === 1;
  });
}

// That something ended is told to nobody who has not got that it is there.
const HAND_ON = `
with ${TELLER}, heir as (
  select min(id) as id, channel_id from route where id <> $1 and about = 'operations' group by channel_id
), inherited as (
  insert into trouble as t (route_id, cluster_id, subject, since, channel_id)
  select h.id, t.cluster_id, t.subject, t.since, t.channel_id from heir h join trouble t using (channel_id) where t.route_id = $1
  on conflict (route_id, cluster_id, subject) do update set channel_id = coalesce(t.channel_id, excluded.channel_id)
), ending as (
  select d.id, t.id as route_id from delivery d join teller t using (channel_id)
  where d.route_id = $1 and d.state = 'waiting' and d.message is not null and exists (
    select from told_finding o join told_finding p using (fingerprint) join delivery e on e.id = p.delivery_id
    where o.delivery_id = d.id and o.is_resolved and not p.is_resolved and e.state in ('sending', 'sent')
      and e.channel_id = d.channel_id and e.cluster_id = d.cluster_id and ${sameReader('e', 'd')})
), shared as (
  select distinct on (d.id) d.id, r.id as route_id from delivery d join told_finding o on o.delivery_id = d.id
  join route r on r.id = any(o.also) and r.channel_id = d.channel_id
  where d.route_id = $1 and d.state in ('waiting', 'sending') and r.id <> $1 order by d.id, r.id
)
update delivery d set route_id = s.route_id from (
  select * from shared union all select * from ending where id not in (select id from shared)
  union all select d.id, h.id from delivery d join heir h using (channel_id)
  where d.route_id = $1 and d.topic = 'operations' and d.state in ('waiting', 'sending')
) s where d.id = s.id`;
