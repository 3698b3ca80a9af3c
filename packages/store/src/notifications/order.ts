import type { PoolClient } from 'pg';
import { ownerOf } from '../read/owner.ts';
import { sameReader } from './reader.ts';

/**
 * Messages before one, `d`, about the same cluster in the same channel: those of its route, of those that gather the ones that are due;
 * and those of other routes for the same reader that are made.
 */
const BEFORE = `delivery d join delivery e using (channel_id, cluster_id)
  where d.id = $1 and e.state in ('gathering', 'waiting', 'sending') and case
    when e.route_id = d.route_id then e.id < d.id and (e.state <> 'gathering' or e.due <= $2)
    else e.message is not null and ${sameReader('e', 'd')} end`;

// That something is resolved comes after that it was opened, which was made before it. It is asked of one message, when that is to
// be made: to ask it of all that are due would take minutes where a receiver has been away for days. One that is not made yet, as it
// waits itself, tells what it has gathered; a digest under way is waited for by nothing that is sent at once. All are joined at a
// time: two that tell of much, and of nothing in common, would else be compared finding by finding.
const WAITS = `
with own as (
  select distinct fingerprint from delivery_item where delivery_id = $1
), before as (
  select e.id, e.due from ${BEFORE}
)
select max(due) as until from before b join (
  select delivery_id, fingerprint from told_finding union all select delivery_id, fingerprint from delivery_item
) said on said.delivery_id = b.id join own using (fingerprint)`;

// What is for the contact of one owner says nothing of what was another's.
const TAKE_OVER = `
with before as (
  select e.id, d.contact_of is not null or e.contact_of is not null as is_of_owner from ${BEFORE}
    and e.message is null and e.state <> 'sending' and ${sameReader('e', 'd')}
  for update of e skip locked
), own as (
  select fingerprint, min(${ownerOf('i')}) as owner from delivery_item i where delivery_id = $1 group by 1
), same as (
  select fingerprint from before b join delivery_item i on i.delivery_id = b.id join own using (fingerprint)
  group by 1 having bool_and(not b.is_of_owner or ${ownerOf('i')} = own.owner)
)
update delivery_item i set delivery_id = $1 from before b
where i.delivery_id = b.id and i.fingerprint in (select fingerprint from same) returning b.id`;

// What is left may wait for nothing any more.
const LEAVE = `
with empty as (
  delete from delivery d where d.id = any($1) and not exists (select from delivery_item i where i.delivery_id = d.id) returning id
)
update delivery set due = $2 where id = any($1) and id not in (select id from empty)`;

/**
 * Until when a message waits for others, which tell of the same and have not come yet; null where it waits for none. What others
 * that wait themselves were to tell of the same it tells with its own: what comes and goes while a receiver is away is told once.
 */
export async function waitsUntil(client: PoolClient, delivery: number, now: Date): Promise<Date | null> {
  const until = await lastBefore(client, delivery, now);
  if (until === null) return null;
  const { rows } = await client.query<{ id: number }>(TAKE_OVER, [delivery, now]);
  if (rows.length === 0) return until;
  await client.query(LEAVE, [[...new Set(rows.map(({ id }) => id))], now]);
  return lastBefore(client, delivery, now);
}

async function lastBefore(client: PoolClient, delivery: number, now: Date): Promise<Date | null> {
  const { rows } = await client.query<{ until: Date | null }>(WAITS, [delivery, now]);
  return rows[0]?.until ?? null;
}
