import type { PoolClient } from 'pg';
import type { Actor, Batch, ObjectKey, ResourceRow } from './rows.ts';
import { storableJson } from './storable-json.ts';

const AT_ONCE = 2000;
const NOBODY: Actor = {
  user: null,
  groups: [],
  impersonatedBy: null,
  address: null,
  userAgent: null,
  managers: [],
};

/** What writing did: the change of each object, by kind, namespace and name. */
export type ChangeIds = ReadonlyMap<string, number>;

export function keyOf({ kind, namespace, name }: ObjectKey): string {
  return `${kind}|${namespace}|${name}`;
}

function* inParts<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += AT_ONCE) yield items.slice(at, at + AT_ONCE);
}

/** Writes new and changed objects: bodies by hash, the version before into the past, a change for each. */
export async function writeResources(client: PoolClient, cluster: number, batch: Batch): Promise<ChangeIds> {
  const changes = new Map<string, number>();
  for (const part of inParts(batch.resources)) {
    await writeBodies(client, part);
    const { rows } = await client.query<ObjectKey & { id: number }>(UPSERT, [
      cluster,
      batch.at,
      storableJson(part.map(toJson)),
      batch.isFirst === true,
    ]);
    for (const row of rows) changes.set(keyOf(row), row.id);
  }
  for (const part of inParts(batch.removed)) {
    const gone = part.map((key) => ({ ...key, actor: batch.deletedBy?.get(keyOf(key)) ?? NOBODY }));
    const { rows } = await client.query<ObjectKey & { id: number }>(REMOVE, [
      cluster,
      batch.at,
      storableJson(gone),
    ]);
    for (const row of rows) changes.set(keyOf(row), row.id);
  }
  return changes;
}

async function writeBodies(client: PoolClient, rows: readonly ResourceRow[]): Promise<void> {
  const bodies = new Map(rows.map(({ bodyHash, body }) => [bodyHash, body]));
  await client.query(
    `insert into body (hash, content)
     select hash, content from json_to_recordset($1) as x(hash uuid, content jsonb) order by hash
     on conflict do nothing`,
    [storableJson([...bodies].map(([hash, content]) => ({ hash, content })))],
  );
}

function toJson(row: ResourceRow): Readonly<Record<string, unknown>> {
  return {
    kind: row.kind,
    namespace: row.namespace,
    name: row.name,
    api_version: row.apiVersion,
    uid: row.uid,
    owner_kind: row.ownerKind,
    owner_name: row.ownerName,
    body_hash: row.bodyHash,
    digest: row.digest,
    instance: row.instance,
    labels: row.labels,
    is_workload: row.isWorkload,
    images: row.images,
    service_account: row.serviceAccount,
    team: row.team ?? null,
    environment: row.environment ?? null,
    criticality: row.criticality ?? null,
    actor: row.actor,
  };
}

const COLUMNS =
  'api_version, uid, owner_kind, owner_name, body_hash, digest, instance, labels, is_workload, images, service_account, team, environment, criticality';

// The same object under a new uid is another object: it was first seen now. What is each object's own (addresses, the node,
// the phase) is filled in while an object starts and says nothing new: it is replaced in place, without history.
const UPSERT = `
with incoming as (
  select x.*, r.cluster_id is not null and r.uid = x.uid and r.body_hash = x.body_hash as is_same
  from json_to_recordset($3) as x(
    kind text, namespace text, name text, api_version text, uid text, owner_kind text, owner_name text, body_hash uuid,
    digest uuid, instance jsonb, labels jsonb, is_workload boolean, images text[], service_account text, team text,
    environment text, criticality text, actor jsonb)
  left join resource r on r.cluster_id = $1 and r.kind = x.kind and r.namespace = x.namespace and r.name = x.name
  where r.digest is distinct from x.digest
), before as (
  select r.* from resource r join incoming i using (kind, namespace, name) where r.cluster_id = $1
), past as (
  insert into resource_past
  select b.*, $2 from before b join incoming i using (kind, namespace, name) where not i.is_same and b.valid_from < $2
), written as (
  insert into resource (cluster_id, kind, namespace, name, ${COLUMNS}, first_seen, valid_from)
  select $1, kind, namespace, name, ${COLUMNS.split(', ')
    .map((column) => `i.${column}`)
    .join(', ')},
    case when b.uid = i.uid then b.first_seen else $2 end, case when i.is_same then b.valid_from else $2 end
  from incoming i left join before b using (kind, namespace, name)
  on conflict (cluster_id, kind, namespace, name) do update set
    ${COLUMNS.split(', ')
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')},
    first_seen = excluded.first_seen, valid_from = excluded.valid_from
)
insert into change (cluster_id, at, kind, namespace, name, api_version, verb, actor, before, after)
select $1, $2, i.kind, i.namespace, i.name, i.api_version,
  case when b.uid is not distinct from i.uid then 'changed' else 'created' end, i.actor, b.body_hash, i.body_hash
from incoming i left join before b using (kind, namespace, name)
where not i.is_same and not $4::boolean
  -- What a controller makes follows from its owner's change, which is told; a pod that is changed in place is not.
  and ((i.owner_kind, i.owner_name) = (i.kind, i.name) or (i.kind = 'Pod' and b.uid is not distinct from i.uid))
returning kind, namespace, name, id`;

const REMOVE = `
with incoming as (
  select * from json_to_recordset($3) as x(kind text, namespace text, name text, actor jsonb)
), gone as (
  delete from resource r using incoming i
  where r.cluster_id = $1 and r.kind = i.kind and r.namespace = i.namespace and r.name = i.name
  returning r.*
), past as (
  insert into resource_past select g.*, $2 from gone g
)
insert into change (cluster_id, at, kind, namespace, name, api_version, verb, actor, before, after)
select $1, $2, g.kind, g.namespace, g.name, g.api_version, 'deleted', i.actor, g.body_hash, null
from gone g join incoming i using (kind, namespace, name)
where (g.owner_kind, g.owner_name) = (g.kind, g.name)
returning kind, namespace, name, id`;
