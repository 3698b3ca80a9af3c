import { ownerOf } from '../../read/owner.ts';

/** How many notices are planned at once. */
export const MOST_NOTICES = 5000;

/** What tells apart what a route is told of, as columns. */
export const KEY = 'route_id, cluster_id, fingerprint';
/** What messages need to know of a row `r` of `routing`, as columns. */
export const ROUTE = 'r.id as route_id, r.channel_id, r.digest_minutes';

/** SQL for whether a route `r` of `routing` tells of a finding. */
export function wants(row: string): string {
  return `r.about = 'findings' and ${row}.severity >= r.severity and ${fitsOne(ownerOf(row), 'r.owner_keys')}
    and ${fitsOne(`${row}.namespace`, 'r.namespaces')}`;
}

/** SQL for whether a name fits patterns; null is everything. The empty name is none, which only the empty pattern fits: `*` is any name. */
export function fitsOne(name: string, patterns: string): string {
  return `case when ${name} = '' then coalesce('' = any(${patterns}), true) else fits(${name}, ${patterns}) end`;
}

/** SQL for whose contact a route `r` of `routing` tells of a row, as `contact_of`. */
export function contactOf(row: string): string {
  return `case when r.to_contact then coalesce(${row}.team, '') end`;
}

/** SQL for whether a notice `n` says no more than that another team has what was open already. */
export const IS_MOVE = 'n.was >= n.severity and not n.was_accepted and not n.is_resolved';
/** What a message says of a finding as a notice does, as columns. */
export const OF_NOTICE =
  'id, cluster_id, is_first, is_resolved, fingerprint, control, severity, kind, namespace, name, message, team, change_id';
/** Of the route, whose contact it is for, and who reads it. */
export const OF_ROUTE = 'route_id, channel_id, digest_minutes, contact_of, reader';

/** SQL for whether nobody defers by now what was held back, a row `h` of `held_finding`. */
export const IS_OVER = `not exists (
    select from triage d where d.cluster_id = h.cluster_id and d.fingerprint = h.fingerprint and d.deferred_until > $1::timestamptz)`;

/** SQL that joins a row of `addressed`, `a`, to one of a finding or notice that a route `r` of `routing` tells, where there is one. */
export function joinAddressed(row: string): string {
  const place = ['cluster_id', 'kind', 'namespace', 'name'].map((column) => `a.${column} = ${row}.${column}`);
  return `left join addressed a on r.is_personal and a.channel_id = r.channel_id and a.owner = ${ownerOf(row)}
    and ${place.join(' and ')}`;
}

/** SQL for the words that tell messages of an owner, and to a reader, apart from others: no contact that a channel knows has a space. */
export function forWhom(row: string): string {
  return `coalesce(' to ' || array_to_string(${row}.reader, ' '), '') || ' of ' || ${ownerOf(row)}`;
}
