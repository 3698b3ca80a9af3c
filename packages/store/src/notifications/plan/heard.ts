import { ownerOf } from '../../read/owner.ts';
import { neverCame, sameReader } from '../reader.ts';
import { contactOf, KEY, ROUTE } from './terms.ts';

/** Findings of which something may have been told: those of notices that were there before. Rows of `cluster_id` and `fingerprint`. */
const KNOWN = `known as (
  select distinct cluster_id, fingerprint from taken where was is not null
)`;

/** What was told of these, a row for each time and route for which it was, with where, to whom and when. */
const TOLD = `told as (
  select n.cluster_id, fingerprint, unnest(v.route_id || o.also) as route_id, v.channel_id, contact_of, reader, o.is_resolved,
    o.as_of, delivery_id
  from known n join told_finding o using (fingerprint) join delivery v on v.id = o.delivery_id and v.cluster_id = n.cluster_id
  where not ${neverCame('v')}
)`;

/** Whom a channel was to tell of these, and nothing came of it: rows of `cluster_id`, `fingerprint`, `channel_id` and `reader`. */
const MISSED = `missed as (
  select distinct n.cluster_id, fingerprint, v.channel_id, v.reader
  from known n join told_finding o using (fingerprint) join delivery v on v.id = o.delivery_id and v.cluster_id = n.cluster_id
  where not o.is_resolved and ${neverCame('v')}
)`;

/**
 * What was told by the route that tells what becomes of it there: the one that told it; where none of these leads to the channel any more,
 * each other one about findings that does and tells what is resolved.
 */
const FOLLOWED = `followed as (
  select t.*, r.id as follower from told t join routing r on r.id = t.route_id and r.channel_id = t.channel_id
  union all select t.*, r.id from told t
  join routing r on r.channel_id = t.channel_id and r.about = 'findings' and r.tells_resolved
  where not exists (select from told s join routing q on q.id = s.route_id and q.channel_id = s.channel_id
    where s.delivery_id = t.delivery_id and s.fingerprint = t.fingerprint)
)`;

/**
 * What was told of these and what routes have gathered, a row for each time: `KEY`, whose contact it was for, who read it, and
 * whether it was that it ended. It came in the order of `stage`, `id`, null first, and `delivery_id`.
 */
const EARLIER = `earlier as (
  select follower as route_id, cluster_id, fingerprint, contact_of, reader, is_resolved, 0 as stage, as_of as id, delivery_id
  from followed
  union all select v.route_id, n.cluster_id, fingerprint, contact_of, reader, g.is_resolved, 1, g.id, delivery_id
  from known n join delivery_item g using (fingerprint) join delivery v on v.id = g.delivery_id and v.cluster_id = n.cluster_id
  join routing r on r.id = v.route_id and r.channel_id = v.channel_id
)`;

/** To whom a route told of a finding, or may by now that it began: `KEY` with the `reader`, each once, and for whom that was last. */
const READERS_BEFORE = `readers as (
  select ${KEY}, reader, (array_agg(contact_of order by stage desc, id desc nulls last))[1] as contact_of from (
    select ${KEY}, reader, contact_of, stage, id from earlier
    union all select ${KEY}, reader, contact_of, 2, id from offered where not is_resolved) e
  group by ${KEY}, reader
)`;

/**
 * What is offered; but that something ended for those who had it before, of whom those are told who heard no end of it. Where none had
 * it, that is told as the beginning would be; but where that was to be told and never came, its end would be news of nothing.
 */
const ASKED = `asked as (
  select * from offered o where not is_resolved or (${KEY}) not in (select ${KEY} from readers) and not exists (
    select from missed m where m.cluster_id = o.cluster_id and m.fingerprint = o.fingerprint and m.channel_id = o.channel_id
      and ${sameReader('m', 'o')})
  union all select n.*, ${ROUTE}, case when p.reader is null then ${contactOf('n')}
      when lower(p.contact_of collate "C") = ${ownerOf('n')} then coalesce(n.team, '') else p.contact_of end, p.reader, false
  from taken n join readers p using (cluster_id, fingerprint) join routing r on r.id = p.route_id
  where n.is_resolved and r.about = 'findings' and r.tells_resolved
)`;

/** What came earlier and what is asked, in one order, `stage` 2 being what is asked: `KEY`, the `reader` and what each hears. */
const WORDS = `words as (
  select ${KEY}, reader, is_resolved, stage, id, delivery_id from earlier
  union all select ${KEY}, reader, is_resolved, 2, id, null from asked
)`;

/** What is asked whose reader heard before it that the finding is there: `route_id`, `reader` and the `id` of the notice. */
const HEARD = `heard as (
  select route_id, reader, id from (
    select *, lag(is_resolved) over (partition by ${KEY}, reader order by stage, id nulls first, delivery_id) as was_resolved from words) w
  where stage = 2 and not was_resolved
)`;

/** What is asked and is wanted or `is_heard`: its reader heard before it that the finding is there. */
const NEWS = `news as (
  select o.*, h.id is not null as is_heard from asked o
  left join heard h on h.route_id = o.route_id and h.id = o.id and h.reader is not distinct from o.reader
  where is_wanted or h.id is not null
)`;

/**
 * Steps of a plan: what was heard before. Who was told that something is there, or is to be told it, is also told that it has ended,
 * whatever it was by then: a route may want other findings by now, or the finding be less severe, accepted or of another owner.
 */
export const HEARD_BEFORE = [
  KNOWN,
  TOLD,
  MISSED,
  FOLLOWED,
  EARLIER,
  READERS_BEFORE,
  ASKED,
  WORDS,
  HEARD,
  NEWS,
];
