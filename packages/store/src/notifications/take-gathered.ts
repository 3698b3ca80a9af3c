import { PRODUCTION_ENVIRONMENTS, TEST_ENVIRONMENTS } from '@bulwark/core';
import type { PoolClient } from 'pg';
import { ownNamespaceOf } from '../place.ts';
import { ownerOf } from '../read/owner.ts';
import { spotOf, TELLS } from '../read/telling.ts';
import { acceptanceOf } from './acceptance.ts';
import { type GatheredFindings, MOST_LINKED, type Redundancy } from './gathered.ts';
import { sameReader } from './reader.ts';

const MOST_ITEMS = 20;
/** How many of what is resolved are items, if there are as many, however much was opened. */
const ENDED_ITEMS = 5;
/** Whether a message is not made yet. */
const IS_TO_COME = `e.message is null and e.state in ('gathering', 'waiting')`;
/** Whether a row is something else than what was before the first of it, which is in `e`. */
const isNews = (row: string) =>
  `case when ${row}.is_resolved then e.began is not null else e.began is null or e.began_accepted or e.began < ${row}.severity end`;
const OBJECTS = 'count(distinct (kind, namespace, name))';
const REDUNDANT = `unnest($6::text[], $7::text[], $8::text[]) as r(by, told, reach)`;

// What is as it was before the first of it came, is not told: it came and went, or went and came, and got no worse. What was
// opened and is accepted by now, or was when it went, is not to be done, and what is deferred by now waits for the end of that;
// what else is gone is told by those routes that tell what is resolved. An owner by whose contact it is read is not told that what is
// another's by now was opened.
const TAKE = `
with receiver as (select * from delivery where id = $1),
own_items as (delete from delivery_item where delivery_id = $1 returning *),
others as (
  -- What other messages of the route are to tell the same reader.
  select g.*, g.id > l.id as is_later from delivery_item g
  join (select fingerprint, max(id) as id from own_items group by 1) l using (fingerprint)
  join delivery e on e.id = g.delivery_id join receiver d using (route_id, channel_id, cluster_id)
  where e.id <> d.id and ${IS_TO_COME} and ${sameReader('e', 'd')}
), joined as (
  -- Of what came before, this tells what became of it.
  delete from delivery_item g using others o where g.delivery_id = o.delivery_id and g.id = o.id and not o.is_later returning g.*
), gone as (
  select * from own_items union all select * from joined
), known as (
  -- What other messages told the same reader last.
  select distinct on (fingerprint) fingerprint, o.delivery_id, o.is_resolved, o.as_of from gone g join told_finding o using (fingerprint)
  join delivery e on e.id = o.delivery_id join receiver v using (channel_id, cluster_id)
  where g.told_since is not null and e.id <> $1 and e.state <> 'failed' and ${sameReader('e', 'v')}
  order by fingerprint, o.as_of desc nulls last, e.id desc
), begun as (
  select g.id, g.fingerprint, g.is_resolved, severity, is_move, was_team, is_later, coalesce(was_since, g.id) as since,
    case when told_since is null then was
      when k.fingerprint is null then case when is_late then was end
      when is_late then severity else was end as was,
    was_accepted and not (is_late and k.fingerprint is not null) as was_accepted
  from (select *, deferred_until is not null as is_late from (
    select *, false as is_later from gone union all select * from others where is_later) x) g
  left join known k on k.fingerprint = g.fingerprint and not k.is_resolved and k.as_of >= g.told_since
), ends as (
  select fingerprint, (array_agg(was order by id))[1] as began, (array_agg(was_accepted order by id))[1] as began_accepted,
    (array_agg(since order by id))[1] as began_since,
    (array_agg(was_team order by id))[1] as was_of, bool_and(is_move) filter (where not is_later) as is_handed_over,
    (array_agg(is_resolved order by id desc))[1] as is_resolved, (array_agg(severity order by id desc))[1] as severity,
    max(id) filter (where not is_later) as id, count(*) filter (where is_resolved and not is_later) as ended
  from begun group by 1
), undone as (
  -- Where with what comes after it all is as before, nobody is told of either.
  delete from delivery_item g using others o join ends e using (fingerprint)
  where g.delivery_id = o.delivery_id and g.id = o.id and o.is_later and not (${isNews('e')}) returning g.fingerprint
), news as (
  select g.*, e.began, e.began_accepted, e.began_since, e.is_handed_over, e.was_of, e.began_accepted and not g.is_resolved and not e.is_handed_over as is_unaccepted, (e.ended - g.is_resolved::int)::int as returns
  from ends e join gone g on g.id = e.id where ${isNews('g')} and g.fingerprint not in (select fingerprint from undone)
), found as (
  select g.*, replace(g.fingerprint::text, '-', '') as hex, f.environment, f.criticality,
    coalesce(f.fixable, false) as fixable, k.api_version, k.container, ${spotOf('k.path')} as spot, k.causes, k.first_seen,
    w.points, w.reach as reached_from, w.reasons, f.fingerprint is null as is_gone, k.exception is null as is_wanted,
    coalesce(d.deferred_until > $5::timestamptz, false) as is_deferred,
    v.reader is not null and k.api_version is not null and ${ownerOf('k')} <> ${ownerOf('g')} as is_moved
  from news g cross join receiver v
  left join finding f on f.cluster_id = $2 and f.fingerprint = g.fingerprint
  left join lateral (
    select f.api_version, f.container, f.path, f.causes, f.exception, f.team, f.first_seen where f.fingerprint is not null
    union all (
      select p.api_version, p.container, p.path, p.causes, p.exception, p.team, p.first_seen from finding_past p
      where f.fingerprint is null and p.cluster_id = $2 and p.fingerprint = g.fingerprint order by p.valid_to desc limit 1)
  ) k on true
  left join triage d on d.cluster_id = $2 and d.fingerprint = g.fingerprint
  left join workload_risk w on w.cluster_id = $2 and w.kind = g.kind and w.namespace = g.namespace and w.name = g.name
), held as (
  insert into held_finding (route_id, cluster_id, fingerprint, was, was_accepted, as_of, reader, was_since)
  select v.route_id, $2, f.fingerprint, f.began, f.began_accepted, f.id, v.reader, f.began_since from found f join receiver v on v.route_id is not null
  where not f.is_resolved and not f.is_gone and f.is_wanted and f.is_deferred and not f.is_moved
  on conflict do nothing
), kept as (
  select * from found where is_resolved or (is_wanted and not is_moved and case when is_gone then exists (
    select from receiver v join route o on o.id = v.route_id where o.tells_resolved) else not is_deferred end)
), object as (
  select array_agg(id) as ids, array_agg(control) as controls, array_agg(container) as containers, array_agg(spot) as spots
  from kept group by is_resolved, kind, namespace, name, api_version
), redundant as (
  -- Object by object: what a digest holds is not known to the planner, and a join of all with all could take minutes.
  select t.id from object o
  cross join unnest(o.ids, o.controls, o.containers, o.spots) as s(id, control, container, spot)
  join ${REDUNDANT} on r.by = s.control
  join unnest(o.ids, o.controls, o.containers, o.spots) as t(id, control, container, spot) on t.control = r.told
  where r.reach <> 'cause' and ${TELLS}
  union
  select t.id from kept s join ${REDUNDANT} on r.by = s.control and r.reach = 'cause' cross join unnest(s.causes) as cause
  join kept t on t.control = r.told and t.is_resolved = s.is_resolved and cause = concat_ws('|', t.kind, ${ownNamespaceOf('t')}, t.name)
), listed as (
  -- Whoever keeps items hears the end of each, also where it goes together with one that says more.
  select distinct fingerprint from receiver d join delivery v using (channel_id, cluster_id) join told_finding o on o.delivery_id = v.id
  join kept using (fingerprint) where kept.is_resolved and not o.is_resolved and o.is_item
), ranked as (
  select *, row_number() over (partition by is_told, is_resolved order by was_item desc, severity desc, points desc nulls last, id) as turn
  from (
    select k.*, l.fingerprint is not null as was_item, l.fingerprint is null and id in (select id from redundant) as is_told
    from kept k left join listed l using (fingerprint)) k
), net as (
  -- Whatever was opened leaves room for some of what is resolved.
  select *, row_number() over (order by is_told, is_resolved, turn) as place, not is_told and turn <= case
    when is_resolved then greatest(${ENDED_ITEMS}, ${MOST_ITEMS} - count(*) filter (where not is_told and not is_resolved) over ())
    else ${MOST_ITEMS} - least(${ENDED_ITEMS}, count(*) filter (where not is_told and is_resolved) over ()) end as is_item
  from ranked
), own as (
  select * from net where not is_told
), reached as (
  select distinct contact from net n join resource r on r.cluster_id = $2 and r.kind = n.kind and r.namespace = ${ownNamespaceOf('n')}
    and r.name = n.name cross join unnest(r.contacts) as contact
), near as (
  -- Not those of the same owner elsewhere: whoever may write to a namespace could have what is told of others sent to themselves.
  select distinct contact from (select distinct namespace, ${ownerOf('net')} as owner from net where team is not null) n
    join resource r on r.cluster_id = $2 and r.is_workload and r.namespace = n.namespace
    and ${ownerOf('r')} = n.owner cross join unnest(r.contacts) as contact where not exists (select from reached)
), addressed as (
  select unnest(reader) as contact from receiver
  union select contact from (select contact from reached union all select contact from near) c join receiver v on v.reader is null
), spared as (
  -- What other routes were to tell the same reader by then is told by this.
  delete from delivery_item g using net n, receiver d, delivery e
  where e.channel_id = d.channel_id and e.cluster_id = d.cluster_id and e.route_id <> d.route_id
    and ${IS_TO_COME} and ${sameReader('e', 'd')}
    and g.delivery_id = e.id and g.fingerprint = n.fingerprint and g.id <= n.id
  returning e.route_id, g.fingerprint
), recounted as (
  -- What they tell next begins with that where it ended, and where what was before it was carried over from earlier.
  update delivery_item g set was = case when not x.is_resolved then x.severity end, was_accepted = false, was_since = x.as_of + 1 from (
    select distinct on (e.route_id, fingerprint) i.delivery_id, i.id, i.was_since, n.id as as_of, n.is_resolved, n.severity
    from net n join delivery_item i using (fingerprint) join delivery e on e.id = i.delivery_id
    join receiver d using (channel_id, cluster_id)
    where i.id > n.id and e.route_id <> d.route_id and ${IS_TO_COME} and ${sameReader('e', 'd')}
    order by e.route_id, fingerprint, i.id) x
  where g.delivery_id = x.delivery_id and g.id = x.id and (x.is_resolved or x.was_since <= x.as_of)
), reheld as (
  -- So does what they hold back.
  update held_finding h set was = case when not n.is_resolved then n.severity end, was_accepted = false, was_since = n.id + 1
  from net n, receiver d, route r
  where r.id = h.route_id and r.id <> d.route_id and r.channel_id = d.channel_id and h.cluster_id = $2
    and h.fingerprint = n.fingerprint and h.was_since <= n.id and ${sameReader('h', 'd')}
), carried as (
  -- What is not told leaves to what the route tells next what was before it, and as of which notice.
  update delivery_item g set was = x.began, was_accepted = x.began_accepted, was_since = x.began_since from (
    select distinct on (fingerprint) i.delivery_id, i.id, n.began, n.began_accepted, n.began_since
    from ends n join delivery_item i using (fingerprint)
    join delivery e on e.id = i.delivery_id join receiver d using (route_id, channel_id, cluster_id)
    where i.id > n.id and e.id <> d.id and ${IS_TO_COME} and ${sameReader('e', 'd')}
      and fingerprint not in (select fingerprint from net union all select fingerprint from undone)
    order by fingerprint, i.id) x
  where g.delivery_id = x.delivery_id and g.id = x.id
), learned as (
  update told_finding o set also = array_append(o.also, v.route_id) from known k, receiver v
  where o.delivery_id = k.delivery_id and o.fingerprint = k.fingerprint and not k.is_resolved and v.route_id <> all(o.also)
), hearers as (
  -- Whoever told that it is there need not tell that it ended.
  select distinct on (fingerprint) fingerprint, e.route_id || o.also as routes from net n join told_finding o using (fingerprint)
  join delivery e on e.id = o.delivery_id join receiver v using (channel_id, cluster_id)
  where n.is_resolved and e.id <> $1 and e.state <> 'failed' and ${sameReader('e', 'v')}
  order by fingerprint, o.as_of desc nulls last, e.id desc
), told as (
  insert into told_finding (delivery_id, fingerprint, is_resolved, is_item, as_of, also)
  select $1, fingerprint, is_resolved, is_item, id, array(
    select route_id from spared s where s.fingerprint = net.fingerprint
    union select r from hearers h cross join unnest(h.routes) as r where h.fingerprint = net.fingerprint and r not in (select route_id from receiver))
  from net
), freed as (
  delete from held_finding h using net n, receiver v
  where h.route_id = v.route_id and h.cluster_id = $2 and h.fingerprint = n.fingerprint
), worst as (
  select * from own where not is_resolved and control = (select control from own where not is_resolved order by place limit 1)
)
select (count(*) filter (where not is_resolved))::int as opened, (count(*) filter (where is_resolved))::int as resolved,
  (count(*) filter (where deferred_until is not null))::int as late, (count(*) filter (where is_handed_over))::int as "handedOver",
  (count(*) filter (where is_unaccepted and deferred_until is null))::int as "noLongerAccepted",
  (select count(*)::int from net where is_told) as told,
  coalesce((select jsonb_agg(team order by team nulls last) from (
    select min(team collate "C") as team from net group by ${ownerOf('net')}) t), '[]') as owners,
  coalesce((select jsonb_agg(environment order by environment nulls last) from (select distinct environment from net) t), '[]')
    as environments,
  array(select contact from addressed order by 1) as contacts,
  coalesce((select jsonb_agg(i order by place) from (
    select is_resolved as "isResolved", hex as fingerprint, control, severity, kind, ${ownNamespaceOf('own')} as namespace, name,
      message, environment, deferred_until as "deferredUntil", returns, place,
      case when is_handed_over then jsonb_build_object('firstSeen', coalesce(first_seen, $5), 'from', was_of) end as "handedOver",
      case when is_unaccepted then jsonb_build_object('firstSeen', coalesce(first_seen, $5), 'end', ${acceptanceOf('$2', 'own')}) end as accepted
    from own where is_item) i), '[]') as items,
  coalesce((select jsonb_agg(hex order by place) from net where place <= ${MOST_LINKED + 1}), '[]') as fingerprints,
  (select jsonb_build_object('control', min(control), 'severity', max(severity), 'objects', ${OBJECTS},
     'exposed', ${OBJECTS} filter (where reached_from = 'internet'),
     'production', ${OBJECTS} filter (where environment = any($3)),
     'test', ${OBJECTS} filter (where environment = any($4)),
     'unknownEnvironment', ${OBJECTS} filter (where environment is null),
     'crownJewels', ${OBJECTS} filter (where criticality = 'crown-jewel'),
     'nonCritical', ${OBJECTS} filter (where criticality = 'non-critical'),
     'unknownCriticality', ${OBJECTS} filter (where criticality is null),
     'fixable', count(*) filter (where fixable),
     'riskiest', (select jsonb_build_object('kind', kind, 'namespace', namespace, 'name', name, 'reasons', reasons)
        from worst where points is not null order by points desc, place limit 1))
   from worst having count(*) > 0) as worst
from own`;

/** What is gathered, and how it is told. */
export interface Taking {
  readonly delivery: number;
  readonly cluster: number;
  /** At which a deferral has ended or not. */
  readonly now: Date;
  readonly redundancies: readonly Redundancy[];
}

/** What a delivery has gathered, of which it is kept afterwards which findings these were; undefined where nothing of it is left to tell. */
export async function takeGathered(
  client: PoolClient,
  { delivery, cluster, now, redundancies }: Taking,
): Promise<GatheredFindings | undefined> {
  const [found] = (
    await client.query<GatheredFindings>(TAKE, [
      delivery,
      cluster,
      [...PRODUCTION_ENVIRONMENTS],
      [...TEST_ENVIRONMENTS],
      now,
      redundancies.map(({ by }) => by),
      redundancies.map(({ told }) => told),
      redundancies.map(({ where }) => where),
    ])
  ).rows;
  return found === undefined || found.items.length === 0 ? undefined : found;
}
