import { ownerOf } from '../../read/owner.ts';

/** How many notices are planned at once. */
export const MOST_NOTICES = 5000;

/** What tells apart what a route is told of, as columns. */
export const KEY = 'route_id, cluster_id, fingerprint';
/** What messages need to know of a row `r` of `routing`, as columns. */
export const ROUTE = 'r.id as route_id, r.channel_id, r.digest_minutes';

/** SQL for whether a route `r` of `routing` tells of a finding. */
export function wants(row: string): string {
  return `r.about = 'findings' and ${row}.severity >= r.severity and fits(${ownerOf(row)}, r.owner_keys)
    and fits(${row}.namespace, r.namespaces)`;
}

/** SQL for whose contact a route `r` of `routing` tells of a row, as `contact_of`. */
export function contactOf(row: string): string {
  return `case when r.to_contact then coalesce(${row}.team, '') end`;
}

/** SQL for whether a notice `n` says no more than that another team has what was open already. */
export const IS_MOVE = 'n.was >= n.severity and not n.was_accepted and not n.is_resolved';
/** Routes that told of it before know it; to the contact of an owner it is new. */
const KNOWS = `(coalesce(${IS_MOVE}, false) and fits(${ownerOf('n', 'was_team')}, r.owner_keys) and not r.to_contact)`;

/** All routes, with their owners in one way of writing as `owner_keys`. */
const ROUTING = `routing as (
  select *, case when owners is not null then array(select lower(each collate "C") from unnest(owners) as each) end as owner_keys
  from route
)`;

/** The notices that this plan is about, as they were; other hubs take others. */
const TAKEN = `taken as (
  delete from notice where id in (select id from notice order by id limit ${MOST_NOTICES} for update skip locked) returning *
)`;

/**
 * Each notice for each route that may want it, with `contact_of`. Not `is_wanted` is what was resolved and the route does not ask for
 * by now, or that was accepted: that is told only to those who heard of it.
 */
const OFFERED = `offered as (
  select n.*, ${ROUTE}, ${contactOf('n')} as contact_of, ${wants('n')} and not (n.is_resolved and n.was_accepted) as is_wanted
  from taken n join routing r on case when n.is_resolved then r.about = 'findings' and r.tells_resolved
    else ${wants('n')} and not ${KNOWS} end
)`;

/** Steps of a plan: who wants a notice. */
export const WANTED = [ROUTING, TAKEN, OFFERED];
