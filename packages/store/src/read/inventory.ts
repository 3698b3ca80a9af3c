import type { JsonObject } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { Times } from './findings.ts';
import { type ListRequest, type Page, readPage } from './page.ts';
import type { QueryColumn } from './query-sql.ts';

const BASE = sql.raw(
  'cluster_id, kind, namespace, name, api_version, uid, owner_kind, owner_name, body_hash, instance, labels, is_workload, images, service_account, team, environment, criticality, first_seen, valid_from',
);

/** Objects, live or as of a moment. */
export function resourceSource(
  { asOf, since }: Times,
  condition: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> {
  const after = since === undefined ? sql`true` : sql`valid_from > ${since}`;
  if (asOf === undefined) return sql`(select ${BASE} from resource where ${condition} and ${after})`;
  return sql`(
    select ${BASE} from resource where valid_from <= ${asOf} and ${condition} and ${after}
    union all
    select ${BASE} from resource_past where valid_from <= ${asOf} and valid_to > ${asOf} and ${condition} and ${after})`;
}

const CLUSTER_NAME = sql`(select name from cluster c where c.id = t.cluster_id)`;
const LABELS = sql`array(select key || '=' || value from jsonb_each_text(t.labels))`;

const COMMON: Readonly<Record<string, QueryColumn>> = {
  cluster: { type: 'text', sql: CLUSTER_NAME },
  namespace: { type: 'text', sql: sql`nullif(t.namespace, '')` },
  kind: { type: 'text', sql: sql`regexp_replace(t.kind, '^.*/', '')` },
  name: { type: 'text', sql: sql`t.name` },
  owner: { type: 'text', sql: sql`t.team` },
  label: { type: 'list', sql: LABELS },
  'first-seen': { type: 'time', sql: sql`t.first_seen` },
  age: { type: 'age', sql: sql`t.first_seen` },
};
const KEY = [sql`t.namespace`, sql`t.kind`, sql`t.name`, sql`lpad(t.cluster_id::text, 10, '0')`];

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

const SELECT = sql`t.cluster_id as "clusterId", ${CLUSTER_NAME} as "clusterName", t.kind, t.api_version as "apiVersion", t.namespace,
  t.name, t.team, t.environment, t.criticality, t.first_seen as "firstSeen", t.valid_from as changed, t.labels`;
const OPEN_OF = sql`from finding f where f.cluster_id = t.cluster_id and f.namespace = t.namespace and f.kind = t.kind and f.name = t.name and f.exception is null`;

/** A page of objects of every kind. */
export function listResources(
  store: Store,
  scope: Scope,
  request: ListRequest & Times & { readonly kind?: string },
): Promise<Page<ResourceRecord>> {
  const condition = request.kind === undefined ? sql`true` : sql`kind = ${request.kind}`;
  return readPage<ResourceRecord>(
    store,
    {
      source: resourceSource(request, condition),
      columns: {
        fields: {
          ...COMMON,
          group: { type: 'text', sql: sql`nullif(regexp_replace(t.kind, '/?[^/]*$', ''), '')` },
        },
        texts: [sql`t.namespace`, sql`t.name`, sql`t.kind`],
      },
      sorts: SORTS,
      standard: 'name',
      key: KEY,
      scope: inScope(scope, namespaceOf),
      select: sql`${SELECT}, (select count(*) ${OPEN_OF}) as findings`,
    },
    request,
  );
}

/** A Namespace belongs to itself. */
const namespaceOf = sql`(case when t.kind = 'Namespace' then t.name else t.namespace end)`;

const SORTS = {
  name: { sql: sql`t.name`, type: 'text' },
  namespace: { sql: sql`t.namespace`, type: 'text' },
  owner: { sql: sql`coalesce(t.team, '')`, type: 'text' },
  'first-seen': { sql: sql`t.first_seen`, type: 'timestamptz' },
} as const;

export interface WorkloadRecord extends ResourceRecord {
  readonly images: readonly string[];
  readonly serviceAccount: string;
  readonly pods: number;
  readonly nodes: readonly string[];
  /** Open findings by severity, info first. */
  readonly counts: readonly number[];
}

const WORST = sql`(select max(severity) ${OPEN_OF})`;

/** A page of workloads: what has pod templates, and pods of their own. */
export function listWorkloads(
  store: Store,
  scope: Scope,
  request: ListRequest & Times,
): Promise<Page<WorkloadRecord>> {
  const pods = sql`${resourceSource({ asOf: request.asOf }, sql`kind = 'Pod'`)} p
    where p.cluster_id = t.cluster_id and p.namespace = t.namespace and p.owner_kind = t.kind and p.owner_name = t.name`;
  const podCount = sql`(select count(*) from ${pods})`;
  return readPage<WorkloadRecord>(
    store,
    {
      source: resourceSource(request, sql`is_workload`),
      columns: {
        fields: {
          ...COMMON,
          environment: { type: 'text', sql: sql`t.environment` },
          criticality: {
            type: 'rank',
            sql: sql`array_position(array['non-critical', 'standard', 'crown-jewel'], t.criticality) - 1`,
          },
          image: { type: 'list', sql: sql`t.images` },
          severity: { type: 'rank', sql: WORST },
          findings: { type: 'number', sql: sql`(select count(*) ${OPEN_OF})` },
          pods: { type: 'number', sql: podCount },
          node: {
            type: 'list',
            sql: sql`array(select distinct p.instance #>> '{spec,nodeName}' from ${pods} and p.instance #>> '{spec,nodeName}' is not null)`,
          },
          'service-account': { type: 'text', sql: sql`t.service_account` },
        },
        texts: [
          sql`t.namespace`,
          sql`t.name`,
          sql`t.kind`,
          sql`array_to_string(t.images, ' ')`,
          sql`t.labels::text`,
        ],
      },
      sorts: {
        ...SORTS,
        severity: { sql: sql`coalesce(${WORST}, -1)`, type: 'int8' },
        pods: { sql: podCount, type: 'int8' },
      },
      standard: '-severity',
      key: KEY,
      scope: inScope(scope),
      select: sql`${SELECT}, t.images, t.service_account as "serviceAccount", ${podCount} as pods,
        array(select distinct p.instance #>> '{spec,nodeName}' from ${pods} and p.instance #>> '{spec,nodeName}' is not null order by 1) as nodes,
        array(select count(f.fingerprint)::int from generate_series(0, 4) s left join lateral (select fingerprint ${OPEN_OF} and f.severity = s) f on true group by s order by s) as counts`,
    },
    request,
  );
}

export interface StoredObject extends ResourceRecord {
  readonly body: JsonObject;
  readonly instance: JsonObject;
  readonly images: readonly string[];
  readonly serviceAccount: string;
}

/** One object with its content, live or as of a moment. */
export async function findResource(
  { db }: Store,
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
  const { rows } = await sql<StoredObject>`
    select ${SELECT}, (select count(*) ${OPEN_OF}) as findings, b.content as body, t.instance, t.images, t.service_account as "serviceAccount"
    from ${resourceSource({ asOf }, sql`kind = ${kind} and namespace = ${namespace} and name = ${name}`)} t join body b on b.hash = t.body_hash
    where t.cluster_id = ${cluster} and ${inScope(scope, namespaceOf)} limit 1`.execute(db);
  return rows[0];
}

/** All objects of some kinds with their content: what analyses of a moment are made of. */
export async function objectsOf(
  { db }: Store,
  scope: Scope,
  {
    cluster,
    kinds,
    namespace,
    asOf,
  }: {
    readonly cluster: number;
    readonly kinds?: readonly string[];
    readonly namespace?: string;
    readonly asOf?: Date | undefined;
  },
): Promise<readonly StoredObject[]> {
  const ofKind = kinds === undefined ? sql`true` : sql`kind = any(${[...kinds]}::text[])`;
  const ofNamespace = namespace === undefined ? sql`true` : sql`namespace = ${namespace}`;
  const { rows } = await sql<StoredObject>`
    select ${SELECT}, 0 as findings, b.content as body, t.instance, t.images, t.service_account as "serviceAccount"
    from ${resourceSource({ asOf }, sql`cluster_id = ${cluster} and ${ofKind} and ${ofNamespace}`)} t join body b on b.hash = t.body_hash
    where ${inScope(scope, namespaceOf)} order by t.kind, t.namespace, t.name`.execute(db);
  return rows;
}

/** The pods of a workload. */
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
): Promise<readonly { readonly name: string; readonly instance: JsonObject }[]> {
  const { cluster, kind, namespace, name, asOf } = owner;
  const { rows } = await sql<{ name: string; instance: JsonObject }>`
    select t.name, t.instance from ${resourceSource({ asOf }, sql`kind = 'Pod' and owner_kind = ${kind} and owner_name = ${name} and namespace = ${namespace}`)} t
    where t.cluster_id = ${cluster} and ${inScope(scope)} order by t.name limit 1000`.execute(db);
  return rows;
}
