import {
  contactOf,
  IS_MOVE,
  IS_OVER,
  joinAddressed,
  KEY,
  OF_NOTICE,
  OF_ROUTE,
  ROUTE,
  wants,
} from './terms.ts';

/** What was held back and is not any more, as it was held: of it there is news, or nobody defers it now. */
const FREED = `freed as (
  delete from held_finding h where (${KEY}) in (select ${KEY} from news) or ${IS_OVER}
  returning ${KEY}, was, was_accepted, as_of, was_since
)`;

/** A number as of a notice for each finding that is freed, one for all routes: `cluster_id`, `fingerprint` and `id`. */
const NUMBERED = `numbered as (
  select cluster_id, fingerprint, nextval(pg_get_serial_sequence('notice', 'id')) as id
  from (select distinct cluster_id, fingerprint from freed) f
)`;

/** What is freed without news of it, is still there and wanted: like news, as it is by now, with until when it was deferred. */
const LATE = `late as (
  select m.id, f.cluster_id, false as is_first, false as is_resolved, f.fingerprint,
    f.control, f.severity, f.kind, f.namespace, f.name, f.message, f.team, null::bigint as change_id, ${ROUTE},
    ${contactOf('f')} as contact_of, a.reader,
    h.was, h.was_accepted, coalesce(d.deferred_until, $1::timestamptz) as deferred_until, h.as_of as told_since, h.was_since
  from freed h join numbered m using (cluster_id, fingerprint) join routing r on r.id = h.route_id
  join finding f using (cluster_id, fingerprint) left join triage d using (cluster_id, fingerprint)
  ${joinAddressed('f')}
  where ${wants('f')} and (h.route_id, f.cluster_id, f.fingerprint) not in (select ${KEY} from news)
)`;

/**
 * All that is to be gathered, for each route and reader. `was` and `was_accepted` are what it was before the first of it that the
 * route has not told; where other routes may have told that as well, it is known as of the notice `told_since`.
 */
const SAID = `said as (
  select ${OF_NOTICE.replace('team', "case when contact_of is null then team else nullif(contact_of, '') end as team")}, ${OF_ROUTE},
    case when h.route_id is not null then h.was else n.was end as was,
    coalesce(h.was_accepted, n.was_accepted) as was_accepted, null::timestamptz as deferred_until,
    -- What another route told is as well known.
    case when h.route_id is null and n.was is not null and not is_heard and not is_resolved then 0 end as told_since,
    coalesce(${IS_MOVE}, false) and h.route_id is null as is_move, n.was_team, h.was_since
  from news n left join freed h using (${KEY})
  union all select ${OF_NOTICE}, ${OF_ROUTE}, was, was_accepted, deferred_until, told_since, false, null, was_since from late
)`;

/**
 * Steps of a plan: what is freed of deferrals. What a route was not told because it was deferred is a part of what is said of it next;
 * where nothing is, it is told when that ends, if it is still there, and as it is by then.
 */
export const UNDEFERRED = [FREED, NUMBERED, LATE, SAID];
