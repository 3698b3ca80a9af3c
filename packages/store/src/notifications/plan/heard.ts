import { readerOf } from '../reader.ts';
import { contactOf, KEY, ROUTE } from './wanted.ts';

/** Findings of which something may have been told: those of notices that were there before. Rows of `cluster_id` and `fingerprint`. */
const KNOWN = `known as (
  select distinct cluster_id, fingerprint from taken where was is not null
)`;

/**
 * What routes told of these and what they have gathered, a row for each time, with the `contact_of` for which it was and whether it
 * was that it ended. It came in the order of `stage`, `id`, null first, and `delivery_id`.
 */
const EARLIER = `earlier as (
  select ${KEY}, case when r.to_contact then contact_of end as contact_of, is_resolved, stage, w.id, delivery_id from (
    select unnest(v.route_id || o.also) as route_id, n.cluster_id, fingerprint, contact_of, o.is_resolved, 0 as stage, o.as_of as id,
      delivery_id
    from known n join told_finding o using (fingerprint) join delivery v on v.id = o.delivery_id and v.cluster_id = n.cluster_id
    union all select v.route_id, n.cluster_id, fingerprint, contact_of, g.is_resolved, 1, g.id, delivery_id
    from known n join delivery_item g using (fingerprint) join delivery v on v.id = g.delivery_id and v.cluster_id = n.cluster_id) w
  join routing r on r.id = route_id
)`;

/** To whom a route told of a finding, or may by now that it began: `KEY` with `contact_of`, each once. */
const READER = `reader as (
  select ${KEY}, contact_of from earlier union select ${KEY}, contact_of from offered where not is_resolved
)`;

/** What is offered, and that something ended also for those who had it before: of these those are told who heard no end of it. */
const ASKED = `asked as (
  select * from offered
  union all select distinct on (n.id, r.id, ${readerOf('p')}) n.*, ${ROUTE}, p.contact_of, false
  from taken n join reader p using (cluster_id, fingerprint) join routing r on r.id = p.route_id
  where n.is_resolved and r.about = 'findings' and r.tells_resolved
    and ${readerOf('p')} is distinct from lower(${contactOf('n')} collate "C")
)`;

/** What came earlier and what is asked, in one order, `stage` 2 being what is asked: `KEY`, the `reader` and what each hears. */
const WORDS = `words as (
  select ${KEY}, ${readerOf('earlier')} as reader, is_resolved, stage, id, delivery_id from earlier
  union all select ${KEY}, ${readerOf('asked')}, is_resolved, 2, id, null from asked
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
  left join heard h on h.route_id = o.route_id and h.id = o.id and h.reader is not distinct from ${readerOf('o')}
  where is_wanted or h.id is not null
)`;

/**
 * Steps of a plan: what was heard before. Who was told that something is there, or is to be told it, is also told that it has ended,
 * whatever it was by then: a route may want other findings by now, or the finding be less severe, accepted or of another owner.
 */
export const HEARD_BEFORE = [KNOWN, EARLIER, READER, ASKED, WORDS, HEARD, NEWS];
