import { ownerOf } from '../../read/owner.ts';
import { contactOf, fitsOne, IS_MOVE, joinAddressed, ROUTE, wants } from './terms.ts';

/** Routes that told of it before know it; to an owner whose contact reads it, it is new. */
const KNOWS = `(coalesce(${IS_MOVE}, false) and ${fitsOne(ownerOf('n', 'was_team'), 'r.owner_keys')} and not r.is_personal)`;

/** All routes, with their owners in one way of writing as `owner_keys`; those that may lead to contacts are `is_personal`. */
export const ROUTING = `routing as (
  select r.*, r.to_contact and c.type <> 'webhook' as is_personal,
    case when owners is not null then array(select lower(each collate "C") from unnest(owners) as each) end as owner_keys
  from route r join channel c on c.id = r.channel_id
)`;

/** The notices that this plan is about, as they were, but those that another hub takes. */
export const TAKEN = `taken as (
  delete from notice where id in (select id from notice where id = any($3::bigint[]) order by id for update skip locked) returning *
)`;

/**
 * Each notice for each route that may want it, with whose contact it is for, `contact_of`, and who reads it, `reader`. Not `is_wanted`
 * is what was resolved and the route does not ask for by now, or that was accepted: that is told only to those who heard of it.
 */
const OFFERED = `offered as (
  select n.*, ${ROUTE}, ${contactOf('n')} as contact_of, a.reader,
    ${wants('n')} and not (n.is_resolved and n.was_accepted) as is_wanted
  from taken n join routing r on case when n.is_resolved then r.about = 'findings' and r.tells_resolved
    else ${wants('n')} and not ${KNOWS} end
  ${joinAddressed('n')}
)`;

/** Steps of a plan: who wants a notice. */
export const WANTED = [OFFERED];
