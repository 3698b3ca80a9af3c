import { prepared } from './prepared.ts';
import type { Writing } from './resources.ts';
import type { Batch, ObjectKey } from './rows.ts';
import { storableJson } from './storable-json.ts';

/** Workloads of which it may have changed what their pods run, and whether they are written themselves. */
type Touched = ReadonlyMap<string, ObjectKey & { readonly isWritten: boolean }>;

/**
 * The workloads whose pods, or whose templates, a batch writes: to be asked before it is written, as it may take pods from them.
 * Cost: one statement for the pods of the batch.
 */
export async function workloadsTouched({ client, cluster }: Writing, batch: Batch): Promise<Touched> {
  const touched = new Map<string, ObjectKey & { readonly isWritten: boolean }>();
  const touch = (object: ObjectKey, isWritten: boolean): void => {
    const { kind, namespace, name } = object;
    const key = `${kind}|${namespace}|${name}`;
    if (isWritten || !touched.has(key)) touched.set(key, { kind, namespace, name, isWritten });
  };
  const owned = [...batch.resources, ...(batch.owners ?? [])];
  for (const row of owned) {
    const { kind, namespace, ownerKind, ownerName, isWorkload } = row;
    if (isWorkload) touch(row, true);
    else if (kind === 'Pod') touch({ kind: ownerKind, namespace, name: ownerName }, false);
  }
  const pods = [...owned, ...batch.removed].filter(({ kind }) => kind === 'Pod');
  if (pods.length > 0) {
    const { rows } = await client.query<ObjectKey>(prepared(OWNERS_BEFORE), [
      cluster,
      storableJson(pods.map(({ namespace, name }) => ({ namespace, name }))),
    ]);
    for (const row of rows) touch(row, false);
  }
  return touched;
}

/**
 * Keeps on the rows of workloads what their pods run that have not ended: their bodies, and the images and service accounts that are
 * not those of the template, so that who asks for an image need not go through all pods. It is no version of the workload.
 */
export async function writeInPods({ client, cluster }: Writing, touched: Touched): Promise<void> {
  if (touched.size === 0) return;
  const rows = [...touched.values()].map(({ isWritten, ...key }) => ({ ...key, is_written: isWritten }));
  await client.query(prepared(IN_PODS), [cluster, storableJson(rows)]);
}

const OWNERS_BEFORE = `
select distinct r.owner_kind as kind, r.namespace, r.owner_name as name
from json_to_recordset($2) as x(namespace text, name text)
join resource r on r.cluster_id = $1 and r.kind = 'Pod' and r.namespace = x.namespace and r.name = x.name`;

/** SQL for whether a pod has not ended. */
export function hasNotEnded(row: string): string {
  return `coalesce(${row}.instance #>> '{status,phase}', '') not in ('Succeeded', 'Failed')`;
}

/** SQL for the images of some bodies of pods, as a relation with the column `image`. */
export function imagesOf(hashes: string, cluster: string): string {
  const lists = ['initContainers', 'containers', 'ephemeralContainers'].map(
    (list) => `select jsonb_path_query(b.content, 'lax $.spec.${list}[*].image') as image`,
  );
  return `(select i.image #>> '{}' as image from body b cross join lateral (${lists.join(' union all ')}) i
    where b.cluster_id = ${cluster} and b.hash = any(${hashes}) and jsonb_typeof(i.image) = 'string')`;
}

/** SQL for the service accounts that some bodies of pods name, as each pod of an API server does; a relation with the column `account`. */
export function accountsOf(hashes: string, cluster: string): string {
  return `(select b.content #>> '{spec,serviceAccountName}' as account from body b
    where b.cluster_id = ${cluster} and b.hash = any(${hashes}) and b.content #>> '{spec,serviceAccountName}' <> '')`;
}

const IN_PODS = `
with touched as (
  select x.*, array(
    select distinct p.body_hash from resource p
    where p.cluster_id = $1 and p.kind = 'Pod' and p.owner_kind = x.kind and p.namespace = x.namespace and p.owner_name = x.name
      and ${hasNotEnded('p')} order by 1) as bodies
  from json_to_recordset($2) as x(kind text, namespace text, name text, is_written boolean)
), changed as (
  select t.*, r.images, r.service_account from touched t join resource r using (kind, namespace, name)
  where r.cluster_id = $1 and r.is_workload and r.kind <> 'Pod' and (t.is_written or r.pod_bodies <> t.bodies)
)
update resource r set pod_bodies = c.bodies,
  pod_images = array(select distinct i.image from ${imagesOf('c.bodies', '$1')} i where i.image <> all(c.images) order by 1),
  pod_accounts = array(select distinct a.account from ${accountsOf('c.bodies', '$1')} a where a.account <> c.service_account order by 1)
from changed c
where r.cluster_id = $1 and r.kind = c.kind and r.namespace = c.namespace and r.name = c.name`;
