import { type AuditActor, isControlPlane, MADE_BY } from '@bulwark/core';
import type { PoolClient } from 'pg';
import { ownNamespaceOf } from '../place.ts';
import { READ_PAST } from './past.ts';
import { MADE, MAKERS, RUNS } from './resources.ts';
import type { Actor } from './rows.ts';

/** What came, went or changed without a change of its own, as a controller does that. Moments as text are to the microsecond. */
export interface Untold {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly effect: 'created' | 'changed' | 'deleted';
  readonly ownerKind: string;
  readonly ownerName: string;
  readonly uid: string;
  readonly apiVersion: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly moment: string;
  /** In milliseconds since 1970: when it was seen, and since when what was there before was. */
  readonly at: number;
  readonly since: number | undefined;
  /** Whether more changed than the spec. */
  readonly isOfMetadata: boolean;
  /** Whether it only took something away. */
  readonly isRemoval: boolean;
}

/**
 * What was taken for the work of a controller and is not told, of objects about which somebody else made a request that is known since
 * a moment. Whose work it is an object only claims, by the owner and the field manager that it names. Cost: the events since then, and
 * two look-ups for each object that they name.
 */
export async function untoldChanges(
  client: PoolClient,
  cluster: number,
  from: Date,
): Promise<readonly Untold[]> {
  const { rows } = await client.query<Omit<Untold, 'since'> & { since: number | null }>(UNTOLD, [
    cluster,
    from,
  ]);
  return rows.map((row) => ({ ...row, since: row.since ?? undefined }));
}

/**
 * Whether who did something is none of those who do it for an owner. The controllers of what is custom run as service accounts of their
 * own place; an account of the namespace itself may be anybody's there.
 */
export function isByHand({ ownerKind, namespace }: Untold, by: AuditActor): boolean {
  if (isControlPlane(by)) return false;
  const isElsewhere =
    by.impersonatedBy === null &&
    by.user.startsWith('system:serviceaccount:') &&
    !by.user.startsWith(`system:serviceaccount:${namespace}:`);
  return MADE_BY.has(ownerKind) || !isElsewhere;
}

/** Writes the change that it is, as of when it was seen, and puts it behind what was found then without one. Returns its number. */
export async function tellChange(
  client: PoolClient,
  cluster: number,
  { change, actor }: { readonly change: Untold; readonly actor: Partial<Actor> },
): Promise<number> {
  const { rows } = await client.query<{ id: number }>(TELL, [
    cluster,
    JSON.stringify(change),
    JSON.stringify(actor),
  ]);
  const [row] = rows;
  if (row === undefined) throw new Error(`${change.kind} ${change.name} was not written`);
  return row.id;
}

const MS = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

/** SQL for what an object was before or after a change. */
function contentOf(change: string, hash: 'before' | 'after'): string {
  return `(select b.content from body b where b.cluster_id = $1 and b.hash = ${change}.${hash})`;
}

/** SQL for whether more than the spec was changed: no request about the status changes that. */
export function isOfMetadata(change: string): string {
  return `${contentOf(change, 'before')} - 'spec' is distinct from ${contentOf(change, 'after')} - 'spec'`;
}

/** SQL for whether all that is there after a change was there before it. */
export function isRemoval(change: string): string {
  return `coalesce(${contentOf(change, 'before')} @> ${contentOf(change, 'after')}, false)`;
}

// What is stored of before the cluster was first seen is none: what it has always had is no change.
const UNTOLD = `
with asked as (
  select distinct e.kind, e.namespace, e.name, e.effect = 'created' as is_new from audit_event e
  where e.cluster_id = $1 and e.arrived >= $2::timestamptz - interval '1 hour' and e.kind = any(${MADE})
), object as (
  select kind, namespace, name from asked where name <> ''
  union select p.kind, p.namespace, p.name from asked a join resource_past p on p.cluster_id = $1 and p.kind = a.kind
    and p.namespace = a.namespace and p.valid_to >= $2::timestamptz - interval '1 hour' where a.name = '' and not a.is_new
  union select r.kind, r.namespace, r.name from asked a join resource r on r.cluster_id = $1 and r.kind = a.kind
    and r.namespace = a.namespace and r.first_seen >= $2::timestamptz - interval '1 hour' and r.owner_kind <> all(${MAKERS})
    where a.name = '' and a.is_new
), version as (
  select o.kind, o.namespace, o.name, v.* from object o cross join lateral (
    select api_version, uid, owner_kind, owner_name, body_hash, instance, valid_from, null::timestamptz as valid_to from resource r
    where r.cluster_id = $1 and r.kind = o.kind and r.namespace = o.namespace and r.name = o.name
    union all select api_version, uid, owner_kind, owner_name, body_hash, instance, valid_from, valid_to
    from (select ${READ_PAST}, valid_to from resource_past p
      where p.cluster_id = $1 and p.kind = o.kind and p.namespace = o.namespace and p.name = o.name and hashtext(p.name) = hashtext(o.name)) p
  ) v where v.uid <> '' and (v.owner_kind, v.owner_name) <> (o.kind, o.name)
), lived as (
  select *, lag(body_hash) over life as old_body, lag(valid_from) over life as old_from, lead(valid_from) over life as new_from
  from version window life as (partition by kind, namespace, name, uid order by valid_from)
), happened as (
  -- It cannot have been asked for before it was there, by the clock of the API server.
  select *, 'created' as effect, valid_from as moment, (instance #>> '{metadata,creationTimestamp}')::timestamptz as since,
    null::uuid as before, body_hash as after from lived where old_from is null
  union all select *, 'changed', valid_from, old_from, old_body, body_hash from lived where kind <> 'Pod' and old_body <> body_hash
  union all select *, 'deleted', valid_to, valid_from, body_hash, null from lived l where valid_to is not null and new_from is null
    -- Pods go for many reasons, and by the hand of whatever runs their node: the end is told of those whose beginning was.
    and (kind <> 'Pod' or exists (select from change c where c.cluster_id = $1 and c.kind = l.kind and c.namespace = l.namespace
      and c.name = l.name and hashtext(c.name) = hashtext(l.name) and c.uid = l.uid and c.verb = 'created'))
)
select h.kind, h.namespace, h.name, h.effect, h.owner_kind as "ownerKind", h.owner_name as "ownerName", h.uid,
  h.api_version as "apiVersion", h.before, h.after, h.moment::text, ${MS('h.moment')} as at, ${MS('h.since')} as since,
  ${isOfMetadata('h')} as "isOfMetadata", ${isRemoval('h')} as "isRemoval"
from happened h
where h.moment >= $2::timestamptz - interval '1 day' and h.moment > (select first_seen from cluster where id = $1)
  and not exists (select from change c where c.cluster_id = $1 and c.kind = h.kind and c.namespace = h.namespace and c.name = h.name
    and hashtext(c.name) = hashtext(h.name) and c.uid = h.uid and c.verb = h.effect and (h.effect <> 'changed' or c.at = h.moment))
order by h.moment`;

const TELL = `
with told as (
  select x.*, nextval(pg_get_serial_sequence('change', 'id')) as id from json_to_record($2) as x(kind text, namespace text, name text,
    effect text, "ownerKind" text, "ownerName" text, uid text, "apiVersion" text, before uuid, after uuid, moment timestamptz, since float8)
), behind as (
  update finding f set change_id = t.id from told t
  where f.cluster_id = $1 and f.change_id is null and f.valid_from = t.moment and t.effect <> 'deleted'
    and ${ownNamespaceOf('f')} = t.namespace and (f.kind, f.name) in ((t.kind, t.name), (t."ownerKind", t."ownerName"))
  returning f.fingerprint, f.first_seen
), behind_past as (
  update finding_past f set change_id = t.id from told t
  where f.cluster_id = $1 and f.change_id is null and f.valid_from = t.moment and t.effect <> 'deleted'
    and ${ownNamespaceOf('f')} = t.namespace and (f.kind, f.name) in ((t.kind, t.name), (t."ownerKind", t."ownerName"))
  returning f.fingerprint, f.first_seen
), ended as (
  update finding_past f set resolved_by = t.id from told t
  where f.cluster_id = $1 and f.is_resolved and f.resolved_by is null and f.valid_to = t.moment and t.effect <> 'created'
    and ${ownNamespaceOf('f')} = t.namespace and (f.kind, f.name) in ((t.kind, t.name), (t."ownerKind", t."ownerName"))
  returning f.fingerprint
)
insert into change (cluster_id, id, at, kind, namespace, name, api_version, verb, actor, before, after, uid, since,
  owner_kind, owner_name, opened, resolved)
overriding system value
select $1, t.id, t.moment, t.kind, t.namespace, t.name, t."apiVersion", t.effect, jsonb_strip_nulls($3::jsonb), t.before, t.after, t.uid,
  to_timestamp(t.since / 1000), case when t.kind = any(${RUNS}) then t."ownerKind" end, case when t.kind = any(${RUNS}) then t."ownerName" end,
  (select count(*) from (select * from behind union all select * from behind_past) b where b.first_seen = t.moment),
  (select count(*) from ended)
from told t returning id`;
