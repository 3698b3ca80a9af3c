import type { Store } from '../store.ts';

const MOST_NOTICES = 5000;
/** Messages of one route at a time; what would be more is one digest. */
const MOST_MESSAGES = 20;

// One statement, so that a notice is either waiting or in what is gathered for every route that wants it, never both or
// neither, and so that two hubs share the work.
const PLAN = `
with taken as (
  delete from notice where id in (select id from notice order by id limit ${MOST_NOTICES} for update skip locked) returning *
), matched as (
  select n.*, r.id as route_id, r.channel_id, r.digest_minutes, r.to_contact,
    case when n.change_id is null then 'control ' || n.control else 'change ' || n.change_id end
      || ' of ' || coalesce(n.team, '') as cause
  from taken n join route r on r.about = 'findings' and n.severity >= r.severity and (r.tells_resolved or not n.is_resolved)
    and fits(coalesce(n.team, ''), r.owners)
    and fits(case when n.kind = 'Namespace' then n.name else n.namespace end, r.namespaces)
), crowd as (
  select route_id, cluster_id, count(distinct cause) > ${MOST_MESSAGES} as is_crowd from matched group by 1, 2
), placed as (
  select m.*,
    case when m.is_first then 'first' when m.digest_minutes > 0 or w.is_crowd then 'digest'
      when m.change_id is null then 'control' else 'change' end as topic
  from matched m join crowd w using (route_id, cluster_id)
), keyed as (
  select p.*, cluster_id || ' ' || case when topic in ('control', 'change') then cause
    -- What goes to the contact of an owner tells of no other.
    when to_contact then topic || ' of ' || coalesce(team, '') else topic end as key from placed p
), opened as (
  insert into delivery as d (channel_id, route_id, cluster_id, topic, key, change_id, to_contact, state, at, due)
  select distinct on (route_id, key) channel_id, route_id, cluster_id, topic, key,
    case when topic = 'change' then change_id end, to_contact, 'gathering', $1::timestamptz,
    case when topic = 'digest' and digest_minutes > 0 then $1::timestamptz + digest_minutes * interval '1 minute' else $2::timestamptz end
  from keyed order by route_id, key
  on conflict (route_id, key) where state = 'gathering' do update set key = excluded.key
  returning d.id, d.route_id, d.key
), items as (
  insert into delivery_item
    (delivery_id, id, is_resolved, fingerprint, control, severity, kind, namespace, name, message, team)
  select o.id, k.id, k.is_resolved, k.fingerprint, k.control, k.severity, k.kind, k.namespace, k.name, k.message, k.team
  from keyed k join opened o using (route_id, key)
)
select count(*)::int as taken from taken`;

/**
 * Sorts what was opened and resolved into messages to come: one for each route, root cause and owner, where the root cause
 * is a change or, without one, a control; or one for each route where that is a digest, where a cluster is new, and where
 * they would be too many.
 *
 * @param settled until when messages that are no digest gather what comes a moment later.
 */
export async function planDeliveries({ pool }: Store, now: Date, settled: Date): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ taken: number }>(PLAN, [now, settled]);
    if ((rows[0]?.taken ?? 0) < MOST_NOTICES) return;
  }
}
