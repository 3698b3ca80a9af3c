import { placeOf } from '../place.ts';
import { isOf, isOfOwned } from '../write/changes-of.ts';

/** The audit log of a cluster names who made a change within seconds, or not at all: its policy may leave something out. */
export const NAMED_WITHIN_MS = 2 * 60 * 1000;

/** A log that came once and has told nothing for longer than this is followed no more. */
const FOLLOWED_FOR = '7 days';

/** The changes of an object and the findings that come with them are written at once, or nearly. */
const AT_ONCE = '10 seconds';

/** SQL: the names in an actor: who did something, and who acted as them. */
const namesIn = (actor: string): readonly string[] => [`${actor}->>'user'`, `${actor}->>'impersonatedBy'`];

/**
 * SQL: the names of everybody who had a part in a change `c`, as rows of `name`. Which part is whose is not known, so that everybody
 * who had one counts.
 */
export const NAMES = `(select v.name from (select c.actor as by union all select jsonb_array_elements(c.actor->'others')) a
  cross join lateral (values ${namesIn('a.by')
    .map((name) => `(${name})`)
    .join(', ')}) v(name) where v.name is not null)`;

/** The same as columns, read once for each change: most have one name. */
const WHO = `${namesIn('c.actor')
  .map((name, index) => `${name} as name${index}`)
  .join(', ')}, c.actor->'others' as others,
  (c.actor->>'auditId' is null or (c.actor->'isUncertain' = 'true' and coalesce(c.actor->'others', '[]') = '[]')) as is_unnamed,
  c.before, c.after`;

/** What comes after an approval and makes what it covers worse is behind a finding. */
const IS_BEFORE_APPROVAL = `(e.state <> 'active' or e.approved_at is null or c.at <= e.approved_at + interval '${AT_ONCE}')`;

/** SQL: whether an object `o` belongs to that of `e`, and is another version than at first. Found by index. */
const HAS_COME = `o.cluster_id = e.cluster_id and o.owner_kind = e.kind and o.owner_name = e.name
      and o.namespace = coalesce(nullif(e.namespace, ''), o.namespace) and (o.kind, o.name) <> (e.kind, e.name)
      and o.valid_from > o.first_seen`;

/**
 * SQL: the changes `c` behind what an annotation `e` asks for, as they are known at this moment: those that put the words there; those
 * behind the findings that it covers or would cover, and behind these findings whenever they were there before; where no change of the
 * object opened one, all that was changed as it was found, as a role that the object binds may have been; and each of the object and
 * of what belongs to it since these were found or the words were there, until it was approved. Cost: the findings of one control of
 * an object, its changes in that time, those of the whole cluster in some seconds, and a look-up for each of its pods.
 */
const BEHIND = `
  with found as materialized (
    select f.fingerprint, f.first_seen, f.change_id from finding f
    where f.cluster_id = e.cluster_id and f.namespace = ${placeOf('e')} and f.name = e.name and f.kind = e.kind and f.control = e.control
  ), known as materialized (
    select c.* from change c where c.cluster_id = e.cluster_id and c.id = any(array(
      select unnest(e.change_id || e.earlier_changes)
      union select change_id from found
      union select p.change_id from found join finding_past p on p.cluster_id = e.cluster_id and p.fingerprint = found.fingerprint))
  ), since as (
    select least(e.created_at, (select min(first_seen) from found),
      (select min(at) from known where id = any(e.change_id || e.earlier_changes))) - interval '${AT_ONCE}' as at
  )
  select c.at, ${WHO}, false as is_end from known c
  union all
  -- What opened it may be the end of something.
  select c.at, ${WHO}, false from found join change c on c.cluster_id = e.cluster_id
    and c.at between found.first_seen - interval '${AT_ONCE}' and found.first_seen
  where found.change_id is null and ${IS_BEFORE_APPROVAL}
  union all
  select c.at, ${WHO}, c.verb = 'deleted' from since join change c on ${isOf('c', 'e')} and c.at >= since.at
  where c.cluster_id = e.cluster_id and ${IS_BEFORE_APPROVAL}
  union all
  select c.at, ${WHO}, c.verb = 'deleted' from since join change c on ${isOfOwned('c', 'e')} and c.at >= since.at
  where c.cluster_id = e.cluster_id and ${IS_BEFORE_APPROVAL}
  union all
  -- What was nobody's, or another's, may have come to it since: that is another version of it.
  select c.at, ${WHO}, c.verb = 'deleted' from (
    select o.* from resource o where o.kind = 'Pod' and ${HAS_COME}
    union all
    select o.* from resource o where o.kind in ('apps/ReplicaSet', 'batch/Job') and ${HAS_COME}
  ) o join change c on ${isOf('c', 'o')} and c.at >= o.first_seen
  where c.cluster_id = e.cluster_id and ${IS_BEFORE_APPROVAL}`;

/** SQL: whether a user may be named in a row of changes. */
function isMadeBy(user: string): string {
  const isOne = (names: readonly string[]) => names.map((name) => isSamePerson(name, user)).join(' or ');
  return `(${isOne(['c.name0', 'c.name1'])} or (c.others is not null and exists (
    select from jsonb_array_elements(c.others) as a(other) where ${isOne(namesIn('a.other'))})))`;
}

/**
 * SQL: whether a name that the audit log gives may be that of a user of the hub. They differ in capitals, or the one of the cluster
 * has the prefix of an issuer or a cloud (`oidc:eve`, `https://sso.example.com#eve`, `arn:aws:iam::1:user/eve`), or one of the two is a
 * mail address of which the other has what stands before the `@`. Names of Kubernetes itself are only themselves. What has nothing in
 * common is told by one look.
 */
export function isSamePerson(name: string, user: string): string {
  const folded = (each: string) => `lower(${each} collate "C")`;
  const localOf = (each: string) => `regexp_replace(${each}, '@[^@]*$', '')`;
  return `(strpos(${folded(name)}, ${localOf(folded(user))}) > 0
    and exists (select from (select ${folded(name)} as n, ${folded(user)} as u) given
      cross join lateral (values (n, u), (${localOf('n')}, u), (n, ${localOf('u')})) as v(name, own)
      where n = u or (n not like 'system:%' and own <> ''
        and (name = own or right(name, length(own) + 1) in (':' || own, '#' || own, '/' || own)))))`;
}

/** SQL: whether an audit log of the cluster of `e` was followed when a change `c` was made. */
const IS_FOLLOWED = `exists (select from audit_source s where s.cluster_id = e.cluster_id
  and s.first_seen - interval '${NAMED_WITHIN_MS} milliseconds' <= c.at and s.last_arrival + interval '${FOLLOWED_FOR}' >= c.at)`;

/** SQL: whether a change `c` is of the status alone, which controllers write: the address of a load balancer is no person's doing. */
const IS_OF_STATUS = `(c.before is not null and c.after is not null and (
  select count(*) = 2 and count(distinct b.content - 'status') = 1 from body b where b.cluster_id = e.cluster_id and b.hash in (c.before, c.after)))`;

/**
 * SQL: a row that says of what an annotation `e` asks for whether a user of the hub had a part in it (`is_writer`), and when the last
 * change was of which nobody is known, or not for sure, though an audit log is followed (`unnamed_at`; null where everybody is known, and where no log
 * is followed). That something ended needs no name: it makes nothing worse that is still found. Nor does a change of the status alone.
 *
 * @param of the exceptions for which it is looked up: else nobody had a part in it.
 */
export function writersOf(user: string, of = 'true'): string {
  return `(select coalesce(bool_or(${isMadeBy(user)}), false) as is_writer,
      max(c.at) filter (where c.is_unnamed and not c.is_end and ${IS_FOLLOWED} and not ${IS_OF_STATUS}) as unnamed_at
    from (${BEHIND}) c where ${of})`;
}
