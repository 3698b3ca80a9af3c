import { ownerOf } from '../../read/owner.ts';
import { forWhom, OF_ROUTE } from './terms.ts';

/** What is said and what is gathered anew, each with the `topic` of its message. */
const PLACED = `placed as (
  select m.*,
    case when m.is_first then 'first' when m.digest_minutes > 0 or w.route_id is not null then 'digest'
      when m.change_id is null then 'control' else 'change' end as topic
  from matched m left join crowd w using (route_id, cluster_id)
  union all select id, cluster_id, false, is_resolved, fingerprint, control, severity, kind, namespace, name, message, team, null,
    ${OF_ROUTE}, was, was_accepted, deferred_until, told_since, is_move, was_team, was_since, ${ownerOf('g')}, ${forWhom('g')}, null,
    'digest' from regathered g
)`;

/** The same with `key`, by which what is in one message is known. What goes to the contact of an owner tells of no other. */
const KEYED = `keyed as (
  select p.*, cluster_id || ' ' || case when topic in ('control', 'change') then cause
    when contact_of is not null then topic || for_whom else topic end as key from placed p
)`;

/** The messages that gather, one that was there already or a new one: the `id` of the delivery by `route_id` and `key`. */
const OPENED = `opened as (
  insert into delivery as d (channel_id, route_id, cluster_id, topic, key, change_id, contact_of, reader, state, at, due)
  select distinct on (route_id, key) channel_id, route_id, cluster_id, topic, key,
    case when topic = 'change' then change_id end, contact_of, reader, 'gathering', $1::timestamptz,
    case when topic = 'digest' and digest_minutes > 0 then $1::timestamptz + digest_minutes * interval '1 minute' else $2::timestamptz end
  from keyed order by route_id, key
  on conflict (route_id, key) where state = 'gathering' do update set key = excluded.key
  returning d.id, d.route_id, d.key
)`;

/** Puts what is to be told into them; without rows. */
const ITEMS = `items as (
  insert into delivery_item
    (delivery_id, id, is_resolved, fingerprint, control, severity, kind, namespace, name, message, team, was, was_accepted, deferred_until,
    told_since, is_move, was_team, was_since)
  select o.id, k.id, k.is_resolved, k.fingerprint, k.control, k.severity, k.kind, k.namespace, k.name, k.message, k.team,
    k.was, k.was_accepted, k.deferred_until, k.told_since, k.is_move, k.was_team, k.was_since
  from keyed k join opened o using (route_id, key)
)`;

/** Steps of a plan: into which message each comes. */
export const PLACING = [PLACED, KEYED, OPENED, ITEMS];
