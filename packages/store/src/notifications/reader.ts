import type { Pool } from 'pg';
import { ownNamespaceOf } from '../place.ts';
import { ownerOf } from '../read/owner.ts';
import type { ChannelRecord } from './channels.ts';
import { IS_OVER, MOST_NOTICES } from './plan/terms.ts';
import { ROUTING } from './plan/wanted.ts';

/**
 * Who reads what is told in a channel is the `reader` of a row: the contacts of an owner that really get it, in one order, or null, the
 * channel itself. A route to contacts leads to the channel where nothing says how an owner is reached, where the channel knows no such
 * contact, and in a webhook, which decides itself whom of the contacts it tells. It is resolved once, when something is planned, and
 * the message goes to that reader.
 */

/** SQL for whether rows of messages have the same reader. */
export function sameReader(row: string, other: string): string {
  return `${row}.reader is not distinct from ${other}.reader`;
}

/**
 * SQL for whether a message certainly never came: it was given up, each attempt is known to have failed, and it is no mail that some of
 * its readers have.
 */
export function neverCame(row: string): string {
  return `(${row}.state = 'failed' and ${row}.failures >= ${row}.attempts and ${row}.left_to is null)`;
}

/** Whether a channel, of which nothing secret has to be known for that, reaches a contact of an owner. */
export type Knows = (channel: Pick<ChannelRecord, 'type' | 'settings'>, contact: string) => boolean;

/** Objects of which routes may tell contacts, by owner: with their place, the `owner` and `contacts` of their own. */
const SUBJECT = `subject as (
  select s.*, nullif(r.contacts, '{}') as contacts from (
    select cluster_id, kind, namespace, name, ${ownerOf('n')} as owner from taken n
    union select cluster_id, f.kind, f.namespace, f.name, ${ownerOf('f')}
    from held_finding h join finding f using (cluster_id, fingerprint) where ${IS_OVER}) s
  left join resource r on r.cluster_id = s.cluster_id and r.kind = s.kind and r.namespace = ${ownNamespaceOf('s')} and r.name = s.name
  where exists (select from routing where is_personal)
)`;

/**
 * Contacts of the same owners in the same namespaces, for objects that have none: `cluster_id`, `namespace`, `owner` and `contacts`.
 * Not those elsewhere: whoever may write to a namespace could have what is told of others sent to themselves.
 */
const NEAR = `near as (
  select n.cluster_id, n.namespace, n.owner, array_agg(distinct contact) as contacts
  from (select distinct cluster_id, namespace, owner from subject where contacts is null and owner <> '') n
  join resource w on w.cluster_id = n.cluster_id and w.is_workload and w.namespace = n.namespace and ${ownerOf('w')} = n.owner
  cross join unnest(w.contacts) as contact group by 1, 2, 3
)`;

/** The objects again, with all `contacts` by which their owner may be reached; null where there are none. */
const REACHED = `reached as (
  select s.cluster_id, s.kind, s.namespace, s.name, s.owner, coalesce(s.contacts, e.contacts) as contacts
  from subject s left join near e using (cluster_id, namespace, owner)
)`;

// In one statement, so that of every notice all is seen that was written with it.
const LOOK = `
with ${[ROUTING, `taken as (select * from notice order by id limit ${MOST_NOTICES})`, SUBJECT, NEAR, REACHED].join(', ')}
select array(select id from taken) as notices, exists (select from held_finding h where ${IS_OVER}) as "isFreed",
  coalesce((select jsonb_agg(reached) from reached where contacts is not null), '[]') as reached,
  coalesce((select jsonb_agg(jsonb_build_object('id', id, 'type', type, 'settings', settings)) from channel
    where id in (select channel_id from routing where is_personal)), '[]') as channels`;

interface Look {
  readonly notices: readonly number[];
  readonly isFreed: boolean;
  readonly reached: readonly { readonly contacts: readonly string[] }[];
  readonly channels: readonly Pick<ChannelRecord, 'id' | 'type' | 'settings'>[];
}

/** What is to be planned, and who reads it. */
export interface Read {
  /** Notices by their ids, at most `MOST_NOTICES`. */
  readonly notices: readonly number[];
  /** Rows of `ADDRESSED`, as JSON. */
  readonly addressed: string;
}

/**
 * Looks for what is to be planned now, and finds who reads what is told of it; undefined where there is nothing. Of what is held back
 * and is freed by somebody in the moment after that, the channel is told.
 */
export async function findReaders(pool: Pool, now: Date, knows: Knows): Promise<Read | undefined> {
  const [look] = (await pool.query<Look>(LOOK, [now])).rows;
  if (look === undefined || (look.notices.length === 0 && !look.isFreed)) return undefined;
  const { notices, reached, channels } = look;
  const addressed = channels.flatMap((channel) =>
    reached.map(({ contacts, ...object }) => ({
      ...object,
      channel_id: channel.id,
      reader: [...new Set(contacts)].filter((contact) => knows(channel, contact)).sort(),
    })),
  );
  return { notices, addressed: JSON.stringify(addressed.filter(({ reader }) => reader.length > 0)) };
}

/** For each channel the objects with the `reader` of what is told of them as that of the `owner`, where that is not the channel. */
export const ADDRESSED = `addressed as (
  select * from jsonb_to_recordset($4::jsonb) as x(
    channel_id int, cluster_id int, kind text, namespace text, name text, owner text, reader text[])
)`;
