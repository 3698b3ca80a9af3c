import type { PoolClient } from 'pg';
import { sameReader } from './reader.ts';

/** Another route about findings that leads to the channel of the route $1 and tells what is resolved: `id` and `channel_id`. */
export const TELLER = `teller as (
  select r.id, r.channel_id from route r join route l on l.id = $1 and l.about = 'findings' and l.channel_id = r.channel_id
  where r.id <> l.id and r.about = 'findings' and r.tells_resolved order by r.id limit 1
)`;

/** SQL for whether a delivery tells what was left in its channel, wherever its route leads. */
export const IS_LEFT = `key like 'left by %'`;

// What was told last of a finding is what counts. What the other route is to tell itself, it tells.
const LEAVE_ENDS = `
with ${TELLER}, heir as (
  select * from teller union all
  select id, channel_id from route where id = $1 and $2 and about = 'findings' and not exists (select from teller)
), gathered as (
  select d.id as delivery_id, d.cluster_id, d.reader, i.id, i.fingerprint, i.is_resolved
  from delivery d join heir using (channel_id) join delivery_item i on i.delivery_id = d.id
  where d.route_id = $1 and d.message is null and d.state in ('gathering', 'waiting')
), ended as (
  select cluster_id, reader, fingerprint from gathered group by 1, 2, 3 having (array_agg(is_resolved order by id desc))[1]
), known as (
  select distinct on (n.cluster_id, n.reader, n.fingerprint) n.cluster_id, n.reader, n.fingerprint, o.is_resolved
  from ended n join told_finding o using (fingerprint) join delivery d on d.id = o.delivery_id and d.cluster_id = n.cluster_id
    and ${sameReader('d', 'n')}
  join heir h on h.channel_id = d.channel_id where d.state <> 'failed'
  order by 1, 2, 3, o.as_of desc nulls last, d.id desc
), own as (
  select g.delivery_id, g.id, exists (
    select from heir h join delivery e on e.route_id = h.id and e.id <> g.delivery_id and e.cluster_id = g.cluster_id and ${sameReader('e', 'g')}
    join delivery_item i on i.delivery_id = e.id where i.id = g.id) as is_told
  from gathered g join known k on k.cluster_id = g.cluster_id and k.fingerprint = g.fingerprint and ${sameReader('k', 'g')}
  where not k.is_resolved
), spared as (
  delete from delivery_item i using own o where i.delivery_id = o.delivery_id and i.id = o.id and o.is_told
), opened as (
  insert into delivery (channel_id, route_id, cluster_id, topic, key, change_id, contact_of, reader, state, at, due)
  select d.channel_id, h.id, d.cluster_id, d.topic, 'left by ' || d.id, d.change_id, d.contact_of, d.reader, 'waiting', d.at, d.due
  from delivery d cross join heir h where d.id in (select delivery_id from own where not is_told)
  returning id, key
)
update delivery_item i set delivery_id = d.id from own o join opened d on d.key = 'left by ' || o.delivery_id
where i.delivery_id = o.delivery_id and i.id = o.id and not o.is_told`;

/**
 * Leaves what a route has gathered that ended, of what its channel was told, to another one to the channel that tells what is resolved,
 * where there is one: for a route that is to be removed, or to lead elsewhere. It is told when it would have been.
 *
 * @param more.staysItself whether the route tells it there itself, where there is no other.
 */
export async function leaveEnds(
  client: PoolClient,
  route: number,
  { staysItself }: { readonly staysItself: boolean },
): Promise<void> {
  // As those of a channel are made one after the other.
  await client.query(
    'select from channel where id = (select channel_id from route where id = $1) for no key update',
    [route],
  );
  await client.query(LEAVE_ENDS, [route, staysItself]);
}
