import type { PoolClient } from 'pg';
import type { Store } from '../store.ts';
import { fullActorOf } from '../write/actor.ts';
import { CHANNEL, SETTINGS_CHANGED } from '../write/announce.ts';
import type { ChannelRecord } from './channels.ts';
import type { Gathered, GatheredChange, Redundancy } from './gathered.ts';
import { waitsUntil } from './order.ts';
import { takeGathered } from './take-gathered.ts';

export type DeliveryState = 'gathering' | 'waiting' | 'sending' | 'sent' | 'failed';

/** What is stored of a message: JSON of the hub's own. */
export type StoredMessage = Readonly<Record<string, unknown>>;

/** A message that is to be sent now, by whoever claimed it. */
export interface Claim {
  readonly id: number;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
  /** How many of those before failed: the others were broken off. */
  readonly failures: number;
  readonly channelId: number;
  /** Whether it is for the owner that the message names, of a route to contacts. */
  readonly toContact: boolean;
  /** Whether it goes to the contacts that the message names; where it does not, it goes to the channel. */
  readonly isReadByContact: boolean;
  /** Of a mail that some readers have: those who have not; null for everybody. */
  readonly leftTo: readonly string[] | null;
  /** Null where it could not be made, for the reason of `fault`. */
  readonly message: StoredMessage | null;
  readonly fault?: unknown;
}

interface DueRow {
  readonly id: number;
  readonly messageId: string;
  readonly channelId: number;
  readonly clusterId: number;
  readonly clusterName: string;
  readonly toContact: boolean;
  readonly isReadByContact: boolean;
  readonly leftTo: Claim['leftTo'];
  readonly topic: Gathered['topic'];
  /** Whether its route was removed while it was being sent. */
  readonly isOrphan: boolean;
  readonly change: (Omit<GatheredChange, 'at'> & { readonly at: string }) | null;
  readonly message: StoredMessage | null;
}

// Those of a channel are made one after the other, as what one tells is spared another.
const DUE = `
select d.id, d.message_id as "messageId", d.channel_id as "channelId", d.cluster_id as "clusterId", d.topic, d.message,
  d.contact_of is not null as "toContact", d.reader is not null as "isReadByContact", d.left_to as "leftTo", d.route_id is null as "isOrphan",
  coalesce((select name from cluster where id = d.cluster_id), '') as "clusterName",
  (select jsonb_build_object('id', h.id, 'kind', h.kind, 'namespace', h.namespace, 'name', h.name, 'verb', h.verb, 'at', h.at,
     'actor', ${fullActorOf('h')})
   from change h where h.cluster_id = d.cluster_id and h.id = d.change_id) as change
from delivery d join channel n on n.id = d.channel_id
where d.state in ('gathering', 'waiting', 'sending') and d.due <= $1 and d.channel_id <> all($2) and not exists (
  -- That a cluster is back comes after that it was away.
  select from delivery e where d.topic = 'operations' and e.topic = 'operations'
    and e.channel_id = d.channel_id and e.cluster_id = d.cluster_id and e.id < d.id and e.state in ('waiting', 'sending'))
order by d.due, d.id limit 1 for update of d skip locked for no key update of n skip locked`;

const WAIT_MS = 1000;

/** What is said of an attempt of which nothing more was heard, and which nobody wants to be made again. */
const NOT_KNOWN =
  'The hub ended before an answer came: whether it arrived is not known. It is not sent again, as its route was removed.';

/** How a message is made of what was gathered. */
export interface Making {
  readonly compose: (gathered: Gathered) => StoredMessage;
  /** What findings say better than others of the same message. */
  readonly redundancies: readonly Redundancy[];
}

/**
 * Claims the message that has been due for longest, after those of the same that its channel has not got yet. Before it returns,
 * the attempt is written: one of which nothing more is heard becomes due again at the end of the lease.
 *
 * @param busy channels that get nothing now.
 * @param making makes the message when it is first due.
 */
export async function claimDelivery(
  { pool }: Store,
  times: { readonly now: Date; readonly leaseEnds: Date },
  busy: readonly number[],
  making: Making,
): Promise<Claim | undefined> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const claim = await claimWith(client, times, busy, making);
    await client.query('commit');
    client.release();
    return claim;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}

async function claimWith(
  client: PoolClient,
  { now, leaseEnds }: { readonly now: Date; readonly leaseEnds: Date },
  busy: readonly number[],
  making: Making,
): Promise<Claim | undefined> {
  for (;;) {
    const [due] = (await client.query<DueRow>(DUE, [now, [...busy]])).rows;
    if (due === undefined) return undefined;
    if (due.isOrphan) {
      await client.query(
        `with done as (update delivery set state = 'failed', answer = $2, done_at = $3 where id = $1 returning id)
         select pg_notify($4, $5) from done`,
        [due.id, NOT_KNOWN, now, CHANNEL, SETTINGS_CHANGED],
      );
      continue;
    }
    const { message, fault, until }: Made =
      due.message === null ? await composed(client, due, { ...making, now }) : { message: due.message };
    if (until !== undefined) {
      // It gathers no more: what comes now comes after what others tell that wait for it.
      await client.query("update delivery set state = 'waiting', due = $2 where id = $1", [due.id, until]);
      continue;
    }
    if (message === undefined) {
      await client.query('delete from delivery where id = $1', [due.id]);
      continue;
    }
    const { rows } = await client.query<Pick<Claim, 'attempt' | 'failures'>>(
      `update delivery set state = 'sending', attempts = attempts + 1, message = $2, due = $3 where id = $1
       returning attempts as attempt, failures`,
      [due.id, message && JSON.stringify(message), leaseEnds],
    );
    const [{ attempt, failures } = { attempt: 1, failures: 0 }] = rows;
    const { id, channelId, toContact, isReadByContact, leftTo } = due;
    return { id, attempt, failures, channelId, toContact, isReadByContact, leftTo, message, fault };
  }
}

interface Made extends Pick<Claim, 'fault'> {
  /** Undefined where nothing is left to tell. */
  readonly message?: StoredMessage | null | undefined;
  /** Until when it waits for another one. */
  readonly until?: Date;
}

/** One that cannot be made must not keep all others from being sent: what it has gathered stays, for the next attempt. */
async function composed(
  client: PoolClient,
  due: DueRow,
  making: Making & { readonly now: Date },
): Promise<Made> {
  await client.query('savepoint whole');
  try {
    const until = await waitsUntil(client, due.id, making.now);
    return until === null
      ? { message: await messageOf(client, due, making) }
      : { until: new Date(Math.max(until.getTime(), making.now.getTime() + WAIT_MS)) };
  } catch (fault) {
    await client.query('rollback to savepoint whole');
    return { message: null, fault };
  }
}

async function messageOf(
  client: PoolClient,
  due: DueRow,
  { compose, redundancies, now }: Making & { readonly now: Date },
): Promise<StoredMessage | undefined> {
  const found = await takeGathered(client, {
    delivery: due.id,
    cluster: due.clusterId,
    now,
    redundancies,
  });
  if (found === undefined) return undefined;
  const { messageId, topic, change, clusterId, clusterName } = due;
  const full = change && { ...change, at: new Date(change.at) };
  return compose({
    messageId,
    topic,
    change: full,
    cluster: { id: clusterId, name: clusterName },
    ...found,
  });
}

/** What became of an attempt. */
export interface AttemptOutcome {
  readonly state: 'sent' | 'waiting' | 'failed';
  readonly answer: string;
  /** Whom it was for and why, where a contact decides it. */
  readonly recipient?: string | undefined;
  /** Of a mail that some readers have now: those who have not; those of before where it is left out. */
  readonly left?: readonly string[] | undefined;
  /** How many attempts have failed now; as many as before where it is left out. */
  readonly failures?: number | undefined;
  readonly now: Date;
  /** When it is tried again. */
  readonly due: Date;
}

/**
 * Writes what became of an attempt; of one that was overtaken by another nothing is written. What a route told that was removed
 * meanwhile is not tried again.
 */
export async function finishAttempt(
  { pool }: Store,
  { id, attempt }: Pick<Claim, 'id' | 'attempt'>,
  { state, answer, recipient, left, failures, now, due }: AttemptOutcome,
): Promise<void> {
  await pool.query(
    `with done as (
      update delivery set state = case when $3 = 'waiting' and route_id is null then 'failed' else $3 end, answer = $4, due = $5, recipient = coalesce($9, recipient), left_to = coalesce($10, left_to),
        failures = coalesce($11, failures), done_at = case when $3 = 'waiting' and route_id is not null then null else $6::timestamptz end
      where id = $1 and attempts = $2 returning id
    )
    select pg_notify($7, $8) from done`,
    [
      id,
      attempt,
      state,
      answer,
      due,
      now,
      CHANNEL,
      SETTINGS_CHANGED,
      recipient ?? null,
      left ?? null,
      failures ?? null,
    ],
  );
}

/** Notes a test message before it is sent. It is never tried again: until its answer is written it counts as failed. */
export async function createTestDelivery(
  { pool }: Store,
  channel: number,
  { message, now }: { readonly message: StoredMessage & { readonly id: string }; readonly now: Date },
): Promise<Pick<Claim, 'id' | 'attempt'>> {
  const { rows } = await pool.query<{ id: number }>(
    `insert into delivery (message_id, channel_id, topic, key, state, message, at, due, attempts, answer, done_at)
     values ($1, $2, 'test', '', 'failed', $3, $4, $4, 1, 'No answer came yet. If the hub stopped meanwhile, none will.', $4) returning id`,
    [message.id, channel, JSON.stringify(message), now],
  );
  return { id: rows[0]?.id ?? 0, attempt: 1 };
}

/** A message on its way, or one that arrived or did not. */
export interface DeliveryRecord {
  readonly id: number;
  readonly messageId: string;
  readonly channelId: number;
  readonly channelName: string;
  readonly topic: Gathered['topic'] | 'operations' | 'test';
  readonly clusterId: number | null;
  readonly clusterName: string | null;
  readonly state: DeliveryState;
  readonly message: StoredMessage | null;
  /** How much was gathered; 0 once the message is made. */
  readonly gathered: number;
  readonly attempts: number;
  readonly answer: string | null;
  readonly recipient: string | null;
  readonly at: Date;
  readonly due: Date;
  readonly doneAt: Date | null;
}

/** Deliveries, the newest first, from below an id; of one channel or of all. What tells nothing, as others tell it, is none. */
export async function listDeliveries(
  { pool }: Store,
  {
    limit,
    below,
    channel,
  }: {
    readonly limit: number;
    readonly below: number | undefined;
    readonly channel: ChannelRecord['id'] | undefined;
  },
): Promise<readonly DeliveryRecord[]> {
  const { rows } = await pool.query<DeliveryRecord>(
    `select d.id, d.message_id as "messageId", d.channel_id as "channelId", n.name as "channelName", d.topic,
       d.cluster_id as "clusterId", c.name as "clusterName", d.state, d.message,
       (select count(*) from delivery_item i where i.delivery_id = d.id)::int as gathered,
       d.attempts, d.answer, d.recipient, d.at, d.due, d.done_at as "doneAt"
     from delivery d join channel n on n.id = d.channel_id left join cluster c on c.id = d.cluster_id
     where d.id < $2 and ($3::int is null or d.channel_id = $3) and not (d.message is null and d.state in ('gathering', 'waiting')
       and not exists (select from delivery_item i where i.delivery_id = d.id)) order by d.id desc limit $1`,
    [limit, below ?? Number.MAX_SAFE_INTEGER, channel ?? null],
  );
  return rows;
}
