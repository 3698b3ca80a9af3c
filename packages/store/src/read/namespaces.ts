import { type RawBuilder, sql } from 'kysely';
import { inNamespaces, inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { countersAt } from './counters.ts';
import { PLACE_FIELDS, type Times } from './finding-columns.ts';
import { folded } from './folded.ts';
import { type ListRequest, type Page, readPage } from './page.ts';
import { CLUSTER_NAME, LABEL_COLUMN, LABELS, RESOURCE_SORTS, resourceSource } from './resource-source.ts';

export interface NamespaceRecord {
  readonly clusterId: number;
  readonly clusterName: string;
  /** Version of its cluster's API server. */
  readonly version: string;
  readonly name: string;
  readonly team: string | null;
  readonly environment: string | null;
  readonly criticality: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly firstSeen: Date;
  /** Open findings by severity, info first. */
  readonly counts: readonly number[];
}

/** Open findings of each namespace by severity: from the counters, or from the findings of a moment. */
function countSource(asOf: Date | undefined): RawBuilder<unknown> {
  const of = (severity: number) => sql`coalesce(sum(open) filter (where severity = ${severity}), 0)::int`;
  return sql`(select cluster_id, namespace, array[${sql.join([0, 1, 2, 3, 4].map(of))}] as counts,
    sum(open)::int as open, max(severity)::int as worst from ${countersAt(asOf)} o where open > 0 group by 1, 2)`;
}

/** A page of namespaces with their open findings. */
export function listNamespaces(
  store: Store,
  scope: Scope,
  request: ListRequest & Times,
): Promise<Page<NamespaceRecord>> {
  return readPage<NamespaceRecord>(
    store,
    scope,
    {
      source: sql`(select n.*, k.counts, coalesce(k.open, 0) as open, k.worst from ${resourceSource(request, sql`kind = 'Namespace'`)} n
        left join ${countSource(request.asOf)} k on k.cluster_id = n.cluster_id and k.namespace = n.name)`,
      columns: {
        fields: {
          name: { type: 'text', sql: sql`t.name`, lower: folded(sql`t.name`) },
          owner: { type: 'text', sql: sql`t.team` },
          environment: PLACE_FIELDS.environment,
          criticality: PLACE_FIELDS.criticality,
          label: LABEL_COLUMN,
          severity: { type: 'rank', sql: sql`t.worst` },
          findings: { type: 'number', sql: sql`t.open` },
          'first-seen': { type: 'time', sql: sql`t.first_seen` },
          age: { type: 'age', sql: sql`t.first_seen` },
        },
        texts: [sql`t.name`, sql`t.team`, sql`${LABELS}::text`],
      },
      sorts: {
        name: RESOURCE_SORTS.name,
        owner: RESOURCE_SORTS.owner,
        severity: [{ sql: sql`coalesce(t.worst, -1)`, type: 'int4' }],
        findings: [{ sql: sql`t.open`, type: 'int4' }],
        'first-seen': RESOURCE_SORTS['first-seen'],
      },
      standard: 'name',
      key: [{ sql: sql`t.name`, type: 'text' }],
      condition: inNamespaces(scope, sql`t.name`),
      select: sql`t.cluster_id as "clusterId", ${CLUSTER_NAME} as "clusterName",
        (select version from cluster c where c.id = t.cluster_id) as version, t.name, t.team, t.environment,
        t.criticality, ${LABELS} as labels, t.first_seen as "firstSeen", coalesce(t.counts, array[0, 0, 0, 0, 0]) as counts`,
    },
    request,
  );
}

/** Objects of one kind in one namespace that have the same body. */
export interface BodyGroup {
  readonly clusterId: number;
  readonly namespace: string;
  readonly kind: string;
  readonly isWorkload: boolean;
  readonly bodyHash: string;
  readonly objects: number;
}

/** What runs in some namespaces of some clusters, and objects of further kinds there, by body. */
export async function bodyGroupsOf(
  { db }: Store,
  scope: Scope,
  {
    clusters,
    namespaces,
    kinds,
    asOf,
  }: {
    readonly clusters: readonly number[];
    readonly namespaces: readonly string[];
    /** Besides pods and workloads. */
    readonly kinds: readonly string[];
    readonly asOf?: Date | undefined;
  },
): Promise<readonly BodyGroup[]> {
  const wanted = sql`cluster_id = any(${[...clusters]}::int[]) and namespace = any(${[...namespaces]}::text[])
    and (is_workload or kind = any(${['Pod', ...kinds]}::text[]))`;
  const { rows } = await sql<BodyGroup>`
    select t.cluster_id as "clusterId", t.namespace, t.kind, t.is_workload as "isWorkload", t.body_hash as "bodyHash",
      count(*)::int as objects
    from ${resourceSource({ asOf }, wanted)} t where ${inScope(scope)} group by 1, 2, 3, 4, 5`.execute(db);
  return rows;
}

/** What makes pods, by the body of one of its templates or pods. */
export interface PodMaker {
  readonly clusterId: number;
  readonly namespace: string;
  readonly bodyHash: string;
  /** Kind with its group: apps/Deployment. */
  readonly kind: string;
  readonly name: string;
}

/** What makes the pods of some bodies in some namespaces: the owner of owned pods, else what has the body itself. */
export async function podMakersOf(
  { db }: Store,
  scope: Scope,
  {
    clusters,
    namespaces,
    bodies,
    asOf,
  }: {
    readonly clusters: readonly number[];
    readonly namespaces: readonly string[];
    readonly bodies: readonly string[];
    readonly asOf?: Date | undefined;
  },
): Promise<readonly PodMaker[]> {
  if (bodies.length === 0) return [];
  const wanted = sql`cluster_id = any(${[...clusters]}::int[]) and namespace = any(${[...namespaces]}::text[])
    and (is_workload or kind = 'Pod') and body_hash = any(${[...bodies]}::uuid[])`;
  const { rows } = await sql<PodMaker>`
    select distinct t.cluster_id as "clusterId", t.namespace, t.body_hash as "bodyHash", t.owner_kind as kind,
      t.owner_name as name
    from ${resourceSource({ asOf }, wanted)} t where ${inScope(scope)} order by 1, 2, 5, 4, 3`.execute(db);
  return rows;
}
