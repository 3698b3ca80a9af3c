import { ownerOf } from '../read/owner.ts';
import type { Store } from '../store.ts';
import { readerOf } from './reader.ts';

const MOST_NOTICES = 5000;
/** Messages of one route about one cluster within a minute; what would be more is one digest. */
const MOST_MESSAGES = 20;

/** SQL for whether a route of `routing` tells of a finding. */
function wants(row: string): string {
  return `r.about = 'findings' and ${row}.severity >= r.severity and fits(${ownerOf(row)}, r.owner_keys)
    and fits(${row}.namespace, r.namespaces)`;
}

/** Whether a notice says no more than that another team has what was open already. */
const IS_MOVE = 'n.was >= n.severity and not n.was_accepted and not n.is_resolved';
/** Routes that told of it before know it; to the contact of an owner it is new. */
const KNOWS = `(coalesce(${IS_MOVE}, false) and fits(${ownerOf('n', 'was_team')}, r.owner_keys) and not r.to_contact)`;

const OF_NOTICE =
  'id, cluster_id, is_first, is_resolved, fingerprint, control, severity, kind, namespace, name, message, team, change_id';
const OF_ROUTE = 'route_id, channel_id, digest_minutes, contact_of';
const ROUTE = 'r.id as route_id, r.channel_id, r.digest_minutes';
const KEY = 'route_id, cluster_id, fingerprint';

/** Whose contact a route of `routing` tells of a row, as `contact_of`. */
function contactOf(row: string): string {
  return `case when r.to_contact then coalesce(${row}.team, '') end`;
}

// One statement, so that a notice is either waiting or in what is gathered for every route that wants it, never both or
// neither, and so that two hubs share the work. Who was told that something is there, or is to be told it, is also told that it has
// ended, whatever it was by then: a route may want other findings by now, or the finding be less severe, accepted or of another owner.
// What a route was not told because it was deferred is a part of what is said of it next; where nothing is, it is told when that
// ends, if it is still there, and as it is by then.
const PLAN = `
with routing as (
  select *, case when owners is not null then array(select lower(each collate "C") from unnest(owners) as each) end as owner_keys
  from route
), taken as (
  delete from notice where id in (select id from notice order by id limit ${MOST_NOTICES} for update skip locked) returning *
), offered as (
  select n.*, ${ROUTE}, ${contactOf('n')} as contact_of, ${wants('n')} and not (n.is_resolved and n.was_accepted) as is_wanted
  from taken n join routing r on case when n.is_resolved then r.about = 'findings' and r.tells_resolved
    else ${wants('n')} and not ${KNOWS} end
), known as (
  select distinct cluster_id, fingerprint from taken where was is not null
), earlier as (
  -- What was told of these for routes, and what these have gathered, in this order.
  select ${KEY}, case when r.to_contact then contact_of end as contact_of, is_resolved, stage, w.id, delivery_id from (
    select unnest(v.route_id || o.also) as route_id, n.cluster_id, fingerprint, contact_of, o.is_resolved, 0 as stage, o.as_of as id,
      delivery_id
    from known n join told_finding o using (fingerprint) join delivery v on v.id = o.delivery_id and v.cluster_id = n.cluster_id
    union all select v.route_id, n.cluster_id, fingerprint, contact_of, g.is_resolved, 1, g.id, delivery_id
    from known n join delivery_item g using (fingerprint) join delivery v on v.id = g.delivery_id and v.cluster_id = n.cluster_id) w
  join routing r on r.id = route_id
), reader as (
  select ${KEY}, contact_of from earlier union select ${KEY}, contact_of from offered where not is_resolved
), asked as (
  select * from offered
  -- Who had it before as well: of these those are told who heard no end of it.
  union all select distinct on (n.id, r.id, ${readerOf('p')}) n.*, ${ROUTE}, p.contact_of, false
  from taken n join reader p using (cluster_id, fingerprint) join routing r on r.id = p.route_id
  where n.is_resolved and r.about = 'findings' and r.tells_resolved
    and ${readerOf('p')} is distinct from lower(${contactOf('n')} collate "C")
), words as (
  select ${KEY}, ${readerOf('earlier')} as reader, is_resolved, stage, id, delivery_id from earlier
  union all select ${KEY}, ${readerOf('asked')}, is_resolved, 2, id, null from asked
), heard as (
  select route_id, reader, id from (
    select *, lag(is_resolved) over (partition by ${KEY}, reader order by stage, id nulls first, delivery_id) as was_resolved from words) w
  where stage = 2 and not was_resolved
), news as (
  select o.*, h.id is not null as is_heard from asked o
  left join heard h on h.route_id = o.route_id and h.id = o.id and h.reader is not distinct from ${readerOf('o')}
  where is_wanted or h.id is not null
), freed as (
  delete from held_finding h where (${KEY}) in (select ${KEY} from news) or not exists (
    select from triage d where d.cluster_id = h.cluster_id and d.fingerprint = h.fingerprint and d.deferred_until > $1::timestamptz)
  returning *
), numbered as (
  -- As of a notice: one number for all routes.
  select cluster_id, fingerprint, nextval(pg_get_serial_sequence('notice', 'id')) as id
  from (select distinct cluster_id, fingerprint from freed) f
), late as (
  select m.id, cluster_id, false as is_first, false as is_resolved, fingerprint,
    f.control, f.severity, f.kind, f.namespace, f.name, f.message, f.team, null::bigint as change_id, ${ROUTE},
    ${contactOf('f')} as contact_of,
    h.was, h.was_accepted, coalesce(d.deferred_until, $1::timestamptz) as deferred_until, h.as_of as told_since
  from freed h join numbered m using (cluster_id, fingerprint) join routing r on r.id = h.route_id
  join finding f using (cluster_id, fingerprint) left join triage d using (cluster_id, fingerprint)
  where ${wants('f')} and (h.route_id, cluster_id, fingerprint) not in (select ${KEY} from news)
), said as (
  select ${OF_NOTICE.replace('team', "case when contact_of is null then team else nullif(contact_of, '') end as team")}, ${OF_ROUTE},
    case when h.route_id is not null then h.was else n.was end as was,
    coalesce(h.was_accepted, n.was_accepted) as was_accepted, null::timestamptz as deferred_until,
    -- What another route told is as well known.
    case when h.route_id is null and n.was is not null and not is_heard and not is_resolved then 0 end as told_since,
    coalesce(${IS_MOVE}, false) and h.route_id is null as is_move, n.was_team
  from news n left join freed h using (${KEY})
  union all select ${OF_NOTICE}, ${OF_ROUTE}, was, was_accepted, deferred_until, told_since, false, null from late
), matched as (
  select *, case when change_id is null then 'control ' || control else 'change ' || change_id end || ' of ' || owner
    || case when contact_of is null then '' else ' to contact' end as cause
  from (select *, ${ownerOf('said')} as owner from said) s
), recent as (
  -- What is applied at once comes here bit by bit.
  select id, route_id, cluster_id, key, topic, state from delivery
  where route_id in (select route_id from matched) and state = 'gathering'
  union select id, route_id, cluster_id, key, topic, state from delivery
  where route_id in (select route_id from matched) and at > $1::timestamptz - interval '1 minute'
), crowd as (
  select route_id, cluster_id from (
    select route_id, cluster_id, cluster_id || ' ' || cause as message, false as is_digest from matched where not is_first
    union all select route_id, cluster_id, case state when 'gathering' then key else id::text end,
      state = 'gathering' and topic = 'digest' from recent) m
  group by 1, 2 having count(distinct message) > ${MOST_MESSAGES} or bool_or(is_digest)
), crowded as (
  select v.id, v.cluster_id, v.contact_of, ${ROUTE} from delivery v join crowd using (route_id, cluster_id)
  join routing r on r.id = v.route_id
  where v.state = 'gathering' and v.topic in ('control', 'change') for update of v skip locked
), regathered as (
  -- Their messages stay, with nothing to tell: another hub may be adding to them.
  delete from delivery_item g using crowded c where g.delivery_id = c.id
  returning g.*, c.cluster_id, c.route_id, c.channel_id, c.digest_minutes, c.contact_of
), placed as (
  select m.*,
    case when m.is_first then 'first' when m.digest_minutes > 0 or w.route_id is not null then 'digest'
      when m.change_id is null then 'control' else 'change' end as topic
  from matched m left join crowd w using (route_id, cluster_id)
  union all select id, cluster_id, false, is_resolved, fingerprint, control, severity, kind, namespace, name, message, team, null,
    ${OF_ROUTE}, was, was_accepted, deferred_until, told_since, is_move, was_team, ${ownerOf('g')}, null, 'digest' from regathered g
), keyed as (
  select p.*, cluster_id || ' ' || case when topic in ('control', 'change') then cause
    -- What goes to the contact of an owner tells of no other.
    when contact_of is not null then topic || ' of ' || owner else topic end as key from placed p
), opened as (
  insert into delivery as d (channel_id, route_id, cluster_id, topic, key, change_id, contact_of, state, at, due)
  select distinct on (route_id, key) channel_id, route_id, cluster_id, topic, key,
    case when topic = 'change' then change_id end, contact_of, 'gathering', $1::timestamptz,
    case when topic = 'digest' and digest_minutes > 0 then $1::timestamptz + digest_minutes * interval '1 minute' else $2::timestamptz end
  from keyed order by route_id, key
  on conflict (route_id, key) where state = 'gathering' do update set key = excluded.key
  returning d.id, d.route_id, d.key
), items as (
  insert into delivery_item
    (delivery_id, id, is_resolved, fingerprint, control, severity, kind, namespace, name, message, team, was, was_accepted, deferred_until,
    told_since, is_move, was_team)
  select o.id, k.id, k.is_resolved, k.fingerprint, k.control, k.severity, k.kind, k.namespace, k.name, k.message, k.team,
    k.was, k.was_accepted, k.deferred_until, k.told_since, k.is_move, k.was_team
  from keyed k join opened o using (route_id, key)
)
select count(*)::int as taken from taken`;

/**
 * Sorts what was opened and resolved into messages to come: one for each route, root cause and owner, where the root cause
 * is a change or, without one, a control; or one for each route where that is a digest, where a cluster is new, and where
 * they would be too many, with those that have not gone yet. Who had something before is told of its end as well. What was deferred
 * before a route was told of it is among it once that has ended.
 *
 * @param settled until when messages that are no digest gather what comes a moment later.
 */
export async function planDeliveries({ pool }: Store, now: Date, settled: Date): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ taken: number }>(PLAN, [now, settled]);
    if ((rows[0]?.taken ?? 0) < MOST_NOTICES) return;
  }
}
