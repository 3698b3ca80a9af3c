import { CONTROL_PLANE_USER, type JsonObject, MADE_BY } from '@bulwark/core';
import type { PoolClient } from 'pg';
import { NOBODY } from './actor.ts';
import { BatchChanges, keyOf, type WrittenChange } from './batch-changes.ts';
import { splitInstance } from './kin.ts';
import { isOwnedOtherwise, PAST_COLUMNS, pastOf } from './past.ts';
import { prepared } from './prepared.ts';
import type { Batch, ResourceRow } from './rows.ts';
import { differsInPods, isBare, isSeenInPods } from './seen-in-pods.ts';
import { storableJson } from './storable-json.ts';

const AT_ONCE = 2000;

function* inParts<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += AT_ONCE) yield items.slice(at, at + AT_ONCE);
}

/** What is written of a cluster, and as of when. */
export interface Writing {
  readonly client: PoolClient;
  readonly cluster: number;
  readonly at: Date;
}

/** Writes new and changed objects: bodies by hash, the version before into the past, a change for each. */
export async function writeResources({ client, cluster, at }: Writing, batch: Batch): Promise<BatchChanges> {
  const changes = new Map<string, WrittenChange>();
  for (const part of inParts(batch.resources)) {
    const bodies = new Map<string, JsonObject>();
    const rows = part.map((row) => ({
      ...toJson(row, bodies),
      is_first: batch.isFirst === true || row.isFirst === true,
    }));
    await client.query(prepared(BODIES), [
      cluster,
      storableJson([...bodies].map(([hash, content]) => ({ hash, content }))),
    ]);
    const written = await client.query<WrittenChange>(prepared(UPSERT), [cluster, at, storableJson(rows)]);
    for (const row of written.rows) changes.set(keyOf(row), row);
  }
  for (const part of inParts(batch.removed)) {
    const gone = part.map(({ isUntold = false, ...key }) => ({
      ...key,
      is_untold: isUntold,
      actor: batch.deletedBy?.get(keyOf(key)) ?? NOBODY,
    }));
    const { rows } = await client.query<WrittenChange>(prepared(REMOVE), [cluster, at, storableJson(gone)]);
    for (const row of rows) changes.set(keyOf(row), row);
  }
  const seen = [...batch.resources, ...batch.removed];
  return new BatchChanges(seen.flatMap((key) => changes.get(keyOf(key)) ?? []));
}

/** A row for the database; bodies are put beside it. Images and account of what is no workload are those of its body. */
function toJson(row: ResourceRow, bodies: Map<string, JsonObject>): Readonly<Record<string, unknown>> {
  const { kin, own } = splitInstance(row.instance);
  bodies.set(row.bodyHash, row.body);
  if (kin !== undefined) bodies.set(kin.hash, kin.content);
  return {
    kind: row.kind,
    namespace: row.namespace,
    name: row.name,
    api_version: row.apiVersion,
    uid: row.uid,
    owner_kind: row.ownerKind,
    owner_name: row.ownerName,
    body_hash: row.bodyHash,
    kin_hash: kin?.hash ?? null,
    digest: row.digest,
    instance: own,
    labels: row.labels,
    is_workload: row.isWorkload,
    images: row.isWorkload ? row.images : [],
    service_account: row.isWorkload ? row.serviceAccount : '',
    team: row.team ?? null,
    contacts: row.contacts ?? null,
    environment: row.environment ?? null,
    criticality: row.criticality ?? null,
    actor: row.actor,
    resource_version: row.resourceVersion ?? null,
    written: row.written ?? null,
  };
}

const BODIES = `
insert into body (cluster_id, hash, content)
select $1, hash, content from json_to_recordset($2) as x(hash uuid, content jsonb) order by hash
on conflict do nothing`;

const COLUMNS =
  'api_version, uid, owner_kind, owner_name, body_hash, kin_hash, digest, instance, labels, is_workload, images, service_account, team, contacts, environment, criticality';

/** The program that works on behalf of an owner: of the control plane, or unknown. */
function isControlPlane(actor: string): string {
  const user = `coalesce(${actor}->>'user', 'system:kube-')`;
  return `(${actor}->>'impersonatedBy' is null and ${user} ~ '${CONTROL_PLANE_USER}')`;
}

/**
 * Whether the last field manager is a program of Kubernetes, or none is known. Anybody can write under its name: it counts until the
 * audit log names who it was, as `untoldChanges` says. Distributions of one program write under its name. In pods the last to write
 * may be whatever gives them their address.
 */
function isWrittenByKubernetes(actor: string): string {
  return `coalesce(${actor}->'managers'->>0, 'kubelet') ~ '^(kube-(apiserver|controller-manager|scheduler)|kubelet|kubelite|k3s|k0s)$'`;
}

const texts = (all: Iterable<string>): string =>
  `array[${[...new Set(all)].map((each) => `'${each}'`).join(', ')}]`;
/** What Kubernetes makes for what has pods, and for what. */
export const MADE = texts([...MADE_BY.values()].flat());
/** Kinds for which Kubernetes itself makes something. */
export const MAKERS = texts(MADE_BY.keys());

/** Whether a relation has the owner of a row as a workload: one of which something else tells than its pods. */
function hasOwner(relation: string, row: string): string {
  return `exists (select from ${relation} o where o.kind = ${row}.owner_kind and o.name = ${row}.owner_name
    and o.namespace in (${row}.namespace, '') and o.is_workload and not ${isSeenInPods('o')})`;
}

/**
 * What a controller makes or takes away for a workload follows from its owner's change, which is told. What somebody else does is
 * news, and so is what only names an owner: everybody may write that, and operators make roles and secrets that nothing else tells.
 *
 * @param batch relation with what comes or goes at once, as the workload may with what follows it.
 */
function isNews(row: string, actor: string, batch: string): string {
  const stored = '(select * from resource where cluster_id = $1)';
  return `((${row}.owner_kind, ${row}.owner_name) = (${row}.kind, ${row}.name) or ${row}.kind <> all(${MADE})
    or not ${isControlPlane(actor)}
    or (${row}.owner_kind = any(${MAKERS}) and ${row}.kind <> 'Pod' and not ${isWrittenByKubernetes(actor)})
    or (${row}.owner_kind <> all(${MAKERS}) and not (${hasOwner(stored, row)} or ${hasOwner(batch, row)})))`;
}

/** What runs pods for a workload: its changes belong to that. Others may name an owner that knows nothing of them. */
export const RUNS = texts(['Pod', 'apps/ReplicaSet', 'batch/Job']);

/** To which workload a change of a row belongs, as the columns `owner_kind` and `owner_name`. */
function ownerOf(row: string): string {
  const isOwned = `${row}.kind = any(${RUNS}) and (${row}.owner_kind, ${row}.owner_name) <> (${row}.kind, ${row}.name)`;
  return `case when ${isOwned} then ${row}.owner_kind end, case when ${isOwned} then ${row}.owner_name end`;
}

const WRITTEN = `kind, namespace, name, id, verb, replace(before::text, '-', '') as before, replace(after::text, '-', '') as after,
  owner_kind as "ownerKind", owner_name as "ownerName"`;

// The same object under a new uid is another object: it was first seen now. What is each object's own (addresses, the node,
// the phase) is filled in while an object starts and says nothing new: it is replaced in place, without history. Other images
// of an object that has long been there, as after a restart, are news. Another owner of what is the same is a version, or the past
// would belong to whom it belongs now, and no change: that is of the object that came, went or says it. What is seen in pods is told
// by these: what is known from them alone comes and goes without a change, and that it takes the place of an object is the end of that.
const UPSERT = `
with compared as (
  select x.*, r.cluster_id is not null and r.uid = x.uid and r.body_hash = x.body_hash
    and (r.kin_hash is not distinct from x.kin_hash or r.valid_from > $2::timestamptz - interval '10 minutes') as is_same,
    ${isOwnedOtherwise('x', 'r')} as is_moved, ${isBare('x')} as is_bare,
    coalesce(${isBare('x')} and r.uid <> '', false) as is_end, coalesce(${differsInPods('x', 'r')}, false) as is_of_pods
  from json_to_recordset($3) as x(
    kind text, namespace text, name text, api_version text, uid text, owner_kind text, owner_name text, body_hash uuid,
    kin_hash uuid, digest uuid, instance jsonb, labels jsonb, is_workload boolean, images text[], service_account text,
    team text, contacts text[], environment text, criticality text, actor jsonb,
    resource_version text, written timestamptz, is_first boolean)
  left join resource r on r.cluster_id = $1 and r.kind = x.kind and r.namespace = x.namespace and r.name = x.name
  where r.digest is distinct from x.digest
), incoming as (
  select *, not is_same or is_moved as is_version from compared
), before as (
  select r.* from resource r join incoming i using (kind, namespace, name) where r.cluster_id = $1
), past as (
  insert into resource_past (${PAST_COLUMNS}, valid_to)
  select ${pastOf('b')}, $2 from before b join incoming i using (kind, namespace, name) where i.is_version and b.valid_from < $2
), written as (
  insert into resource (cluster_id, kind, namespace, name, ${COLUMNS}, first_seen, valid_from)
  select $1, kind, namespace, name, ${COLUMNS.split(', ')
    .map((column) => `i.${column}`)
    .join(', ')},
    case when b.uid = i.uid then b.first_seen else $2 end, case when i.is_version then $2 else b.valid_from end
  from incoming i left join before b using (kind, namespace, name)
  on conflict (cluster_id, kind, namespace, name) do update set
    ${COLUMNS.split(', ')
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')},
    first_seen = excluded.first_seen, valid_from = excluded.valid_from
), named as (
  insert into known_namespace (cluster_id, name)
  select distinct $1::int, coalesce(nullif(namespace, ''), name) from incoming where namespace <> '' or kind = 'Namespace'
  on conflict do nothing
)
insert into change (cluster_id, at, kind, namespace, name, api_version, verb, actor, before, after, uid, resource_version,
  since, written, owner_kind, owner_name)
select $1, $2, i.kind, i.namespace, i.name, i.api_version,
  case when i.is_end then 'deleted' when b.uid is not distinct from i.uid then 'changed' else 'created' end, jsonb_strip_nulls(i.actor),
  b.body_hash, case when not i.is_end then i.body_hash end, case when i.is_end then b.uid else i.uid end,
  case when not i.is_end then i.resource_version end, case when i.is_end or b.uid is not distinct from i.uid then b.valid_from end, i.written,
  ${ownerOf('i')}
from incoming i left join before b using (kind, namespace, name)
where not i.is_same and not i.is_first and not i.is_of_pods and i.is_bare = i.is_end
  -- What is changed in place by another than who made it no longer follows its owner; the kubelet changes no content of a pod.
  and (${isNews('i', 'i.actor', 'incoming')} or (b.uid is not distinct from i.uid
    and (i.kind = 'Pod' or not ${isWrittenByKubernetes('i.actor')})))
returning ${WRITTEN}`;

const REMOVE = `
with incoming as (
  select * from json_to_recordset($3) as x(kind text, namespace text, name text, is_untold boolean, actor jsonb)
), gone as (
  delete from resource r using incoming i
  where r.cluster_id = $1 and r.kind = i.kind and r.namespace = i.namespace and r.name = i.name
  returning r.*
), past as (
  insert into resource_past (${PAST_COLUMNS}, valid_to) select ${pastOf('g')}, $2 from gone g where g.valid_from < $2
)
insert into change (cluster_id, at, kind, namespace, name, api_version, verb, actor, before, after, uid, since,
  owner_kind, owner_name)
select $1, $2, g.kind, g.namespace, g.name, g.api_version, 'deleted', jsonb_strip_nulls(i.actor), g.body_hash, null, g.uid, g.valid_from,
  ${ownerOf('g')}
from gone g join incoming i using (kind, namespace, name)
where not i.is_untold and not ${isBare('g')} and (${isNews('g', 'i.actor', 'gone')}
  -- What was told once is told to its end. Of pods, which go in numbers, that is whether somebody changed them.
  or (g.kind = any(${MADE}) and (g.kind <> 'Pod' or g.valid_from > g.first_seen) and exists (
    select from change c where c.cluster_id = $1 and hashtext(c.name) = hashtext(g.name) and c.at >= g.first_seen and c.kind = g.kind
      and c.namespace = g.namespace and c.name = g.name and c.uid = g.uid
      and c.verb = case c.kind when 'Pod' then 'changed' else 'created' end)))
returning ${WRITTEN}`;
