import type { JsonObject } from '@bulwark/core';
import { sql } from 'kysely';
import { inNamespaces, inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { joinInstance } from '../write/kin.ts';
import type { Times } from './finding-columns.ts';
import { mentions } from './finding-state.ts';
import { kindColumns, liveKinds } from './kinds.ts';
import { openAt, sumOf } from './object-counts.ts';
import { type ListRequest, type Page, readPage } from './page.ts';
import type { QueryColumns } from './query-sql.ts';
import {
  KIN,
  LABELS,
  namespaceOf,
  OPEN_NOW,
  RESOURCE_COLUMNS,
  RESOURCE_KEY,
  RESOURCE_SELECT,
  RESOURCE_SORTS,
  resourceSource,
} from './resource-source.ts';

export interface ResourceRecord {
  readonly clusterId: number;
  readonly clusterName: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
  readonly team: string | null;
  readonly environment: string | null;
  readonly criticality: string | null;
  readonly firstSeen: Date;
  readonly changed: Date;
  readonly labels: Readonly<Record<string, string>>;
  readonly findings: number;
}

/** A page of objects of every kind. */
export async function listResources(
  store: Store,
  scope: Scope,
  request: ListRequest & Times & { readonly kind?: string },
): Promise<Page<ResourceRecord>> {
  const condition = request.kind === undefined ? sql`true` : sql`kind = ${request.kind}`;
  const page = await readPage<ResourceRecord>(
    store,
    scope,
    {
      source: resourceSource(request, condition),
      // What has ended is not found by its key.
      ...(request.asOf === undefined && {
        rows: sql`resource`,
        isLookedUp: mentions(request.query, 'label'),
      }),
      columns: request.asOf === undefined ? columnsOf(await liveKinds(store, scope)) : COLUMNS_OF_PAST,
      sorts: RESOURCE_SORTS,
      standard: 'name',
      key: RESOURCE_KEY,
      condition: inNamespaces(scope, namespaceOf),
      select: sql`${RESOURCE_SELECT}, ${OPEN_NOW} as findings`,
    },
    request,
  );
  return { ...page, items: await asTheyWere(store, page.items, request.asOf) };
}

/** Objects with their open findings of a moment in place of those of now. */
async function asTheyWere<T extends ResourceRecord>(
  store: Store,
  objects: readonly T[],
  asOf: Date | undefined,
): Promise<readonly T[]> {
  if (asOf === undefined) return objects;
  const open = await openAt(store, objects, asOf);
  return objects.map((object, index) => ({ ...object, findings: sumOf(open[index] ?? []) }));
}

/** Of live objects, whose kinds are known. */
function columnsOf(kinds: readonly string[]): QueryColumns {
  return {
    fields: { ...RESOURCE_COLUMNS, ...kindColumns(kinds) },
    texts: [sql`t.name`],
    lowerTexts: [sql`t.namespace`],
    knownTexts: [{ sql: sql`t.kind`, values: kinds }],
  };
}

const COLUMNS_OF_PAST: QueryColumns = {
  fields: {
    ...RESOURCE_COLUMNS,
    group: { type: 'text', sql: sql`nullif(regexp_replace(t.kind, '/?[^/]*$', ''), '')` },
  },
  texts: [sql`t.name`, sql`t.kind`],
  lowerTexts: [sql`t.namespace`],
};

export interface StoredObject extends ResourceRecord {
  readonly body: JsonObject;
  readonly instance: JsonObject;
  readonly images: readonly string[];
  readonly serviceAccount: string;
}

interface StoredRow extends StoredObject {
  readonly uid: string;
  readonly kin: JsonObject | null;
}

const CONTENT = sql`b.content as body, t.instance, t.uid, ${KIN} as kin, t.images, t.service_account as "serviceAccount"`;
const WITH_BODY = sql`join body b on b.cluster_id = t.cluster_id and b.hash = t.body_hash`;

function toObject({ uid, kin, ...row }: StoredRow): StoredObject {
  return { ...row, instance: joinInstance({ ...row, uid, kin }) };
}

/** One object with its content, live or as of a moment. */
export async function findResource(
  store: Store,
  scope: Scope,
  {
    cluster,
    kind,
    namespace,
    name,
    asOf,
  }: {
    readonly cluster: number;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly asOf?: Date | undefined;
  },
): Promise<StoredObject | undefined> {
  const key = sql`cluster_id = ${cluster} and kind = ${kind} and namespace = ${namespace} and name = ${name}
    and hashtext(name) = hashtext(${name})`;
  const { rows } = await sql<StoredRow>`
    select ${RESOURCE_SELECT}, ${OPEN_NOW} as findings, ${CONTENT}
    from ${resourceSource({ asOf }, key)} t ${WITH_BODY}
    where ${inScope(scope, namespaceOf)} limit 1`.execute(store.db);
  return (await asTheyWere(store, rows.map(toObject), asOf))[0];
}

/** Objects of some kinds, all of them or those of some names, with their content: what analyses of a moment are made of. */
export async function objectsOf(
  { db }: Store,
  scope: Scope,
  {
    cluster,
    kinds,
    names,
    ownedBy,
    namespace,
    isPodless = false,
    isWorkload = false,
    asOf,
  }: {
    readonly cluster: number;
    readonly kinds?: readonly string[];
    readonly names?: readonly string[];
    /** Names of top owners. */
    readonly ownedBy?: readonly string[];
    readonly namespace?: string;
    /** Whether to leave out pods, of which there can be very many. */
    readonly isPodless?: boolean;
    /** Whether only what has a pod template is wanted. */
    readonly isWorkload?: boolean;
    readonly asOf?: Date | undefined;
  },
): Promise<readonly StoredObject[]> {
  const ofKind = kinds === undefined ? sql`true` : sql`kind = any(${[...kinds]}::text[])`;
  const ofNames = names === undefined ? sql`true` : sql`name = any(${[...names]}::text[])`;
  const ofOwners = ownedBy === undefined ? sql`true` : sql`owner_name = any(${[...ownedBy]}::text[])`;
  const ofNamespace = namespace === undefined ? sql`true` : sql`namespace = ${namespace}`;
  const notPods = isPodless ? sql`kind <> 'Pod'` : sql`true`;
  const workloads = isWorkload ? sql`is_workload` : sql`true`;
  const condition = sql`cluster_id = ${cluster} and ${ofKind} and ${ofNames} and ${ofOwners} and ${ofNamespace} and ${notPods} and ${workloads}`;
  const { rows } = await sql<StoredRow>`
    select ${RESOURCE_SELECT}, 0 as findings, ${CONTENT}
    from ${resourceSource({ asOf }, condition)} t ${WITH_BODY}
    where ${inScope(scope, namespaceOf)} order by t.kind, t.namespace, t.name`.execute(db);
  return rows.map(toObject);
}

/** A pod of a workload. */
export interface PodOfWorkload {
  readonly name: string;
  readonly bodyHash: string;
  readonly instance: JsonObject;
  readonly labels: Readonly<Record<string, string>>;
}

/** The pods of a workload by name, a thousand at most. */
export async function podsOf(
  { db }: Store,
  scope: Scope,
  owner: {
    readonly cluster: number;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly asOf?: Date | undefined;
  },
): Promise<readonly PodOfWorkload[]> {
  const { cluster, kind, namespace, name, asOf } = owner;
  const ofOwner = sql`cluster_id = ${cluster} and kind = 'Pod' and owner_kind = ${kind} and owner_name = ${name} and namespace = ${namespace}`;
  const { rows } = await sql<
    Pick<StoredRow, 'name' | 'namespace' | 'uid' | 'instance' | 'kin' | 'labels'> & { bodyHash: string }
  >`
    select t.name, t.body_hash as "bodyHash", t.namespace, t.uid, t.instance, ${KIN} as kin, ${LABELS} as labels from ${resourceSource({ asOf }, ofOwner)} t
    where ${inScope(scope)} order by t.name limit 1000`.execute(db);
  return rows.map((row) => ({
    name: row.name,
    bodyHash: row.bodyHash,
    instance: joinInstance(row),
    labels: row.labels,
  }));
}

/** How many pods each node of a cluster runs, by the node's name. */
export async function podsByNode(
  { db }: Store,
  scope: Scope,
  { cluster, asOf }: { readonly cluster: number; readonly asOf?: Date | undefined },
): Promise<ReadonlyMap<string, number>> {
  const pods = sql`cluster_id = ${cluster} and kind = 'Pod'`;
  const { rows } = await sql<{ node: string; pods: number }>`
    select t.node, count(*)::int as pods from ${resourceSource({ asOf }, pods)} t
    where ${inScope(scope)} and t.node is not null group by 1`.execute(db);
  return new Map(rows.map(({ node, pods: count }) => [node, count]));
}
