import { foldCase, nameInQuery, namesOfKind, QUERY_LISTS, type QueryList, sharedNames } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import { inClusters, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { folded } from './folded.ts';
import { isToldIn } from './posture.ts';
import { kindAlone } from './query-sql.ts';

/** Most values that are offered. */
const MOST = 50;

/** A relation with cluster_id, namespace and value; a namespace of null for what everybody may see who sees the cluster. */
type Source = RawBuilder<unknown>;

export interface AskedValues {
  /** The list that is asked. */
  readonly list: QueryList;
  readonly field: string;
  readonly prefix: string;
}

/**
 * The values of a field that exist in a list and begin with some text, but for the case of letters of ASCII, as owners are told
 * apart: what a query is completed with. None where no table or index tells of them without going through all findings, pods or
 * changes.
 */
export async function valuesOf(
  { db }: Store,
  scope: Scope,
  { list, field, prefix }: AskedValues,
): Promise<readonly string[]> {
  const source = SOURCES[list]?.[field];
  if (source === undefined) return [];
  if (QUERY_LISTS[list].some(({ name, isKind }) => name === field && isKind))
    return startingWith(prefix, namesOfKinds(await kindsOf(db, scope, source)));
  const { rows } = await sql<{ value: string }>`
    select distinct t.value collate "C" as value from ${source} t
    where t.value <> '' and starts_with(${folded(sql`t.value`)}, ${foldCase(prefix)})
      and ${inClusters(scope)} and ${isToldIn(scope, sql`t.namespace`)}
    order by 1 limit ${MOST}`.execute(db);
  return rows.map(({ value }) => value);
}

async function kindsOf(db: Store['db'], scope: Scope, source: Source): Promise<readonly string[]> {
  const { rows } = await sql<{ kind: string }>`
    select distinct t.value as kind from ${source} t
    where ${inClusters(scope)} and ${isToldIn(scope, sql`t.namespace`)}`.execute(db);
  return rows.map(({ kind }) => kind);
}

/** Kinds by their names alone; where several groups have one of that name, also each of them by its own. */
function namesOfKinds(kinds: readonly string[]): readonly string[] {
  const shared = sharedNames(kinds);
  return kinds.flatMap((kind) => [namesOfKind(kind).alone, nameInQuery(kind, shared)]);
}

function startingWith(prefix: string, names: readonly string[]): readonly string[] {
  const wanted = foldCase(prefix);
  return [...new Set(names)]
    .filter((name) => foldCase(name).startsWith(wanted))
    .sort()
    .slice(0, MOST);
}

/** A column of rows that each belong to a namespace. */
function from(table: 'counter' | 'object_counter' | 'resource', value: RawBuilder<unknown>): Source {
  return sql`(select t.cluster_id, t.namespace, ${value} as value from ${sql.table(table)} t)`;
}

/** A column of what runs pods, and of what is joined to it. */
function ofWorkloads(value: RawBuilder<unknown>, joined = sql``): Source {
  return sql`(select t.cluster_id, t.namespace, ${value} as value from resource t ${joined} where t.is_workload)`;
}

/** A column of namespaces, each of which is in itself. */
function ofNamespaces(value: RawBuilder<unknown>, joined = sql``): Source {
  return sql`(select c.id as cluster_id, t.name as namespace, ${value} as value
    from cluster c join resource t on t.cluster_id = c.id and t.kind = 'Namespace' ${joined})`;
}

/** A column of nodes, which are in no namespace. */
function ofNodes(value: RawBuilder<unknown>, joined = sql``): Source {
  return sql`(select c.id as cluster_id, '' as namespace, ${value} as value
    from cluster c join resource t on t.cluster_id = c.id and t.kind = 'Node' ${joined})`;
}

function together(...sources: readonly Source[]): Source {
  const all = sources.map((source) => sql`select cluster_id, namespace, value from ${source} s`);
  return sql`(${sql.join(all, sql` union `)})`;
}

/** The kinds of each namespace, each found by the index from the one before: there are many objects of few kinds. */
function ofPlaces(value: RawBuilder<unknown>): Source {
  return sql`(
    with recursive place as (
      select c.id as cluster_id, n.* from cluster c cross join lateral (
        select r.kind, r.namespace from resource r where r.cluster_id = c.id order by r.kind, r.namespace limit 1) n
      union all
      select p.cluster_id, n.* from place p cross join lateral (
        select r.kind, r.namespace from resource r where r.cluster_id = p.cluster_id and (r.kind, r.namespace) > (p.kind, p.namespace)
        order by r.kind, r.namespace limit 1) n
    ) select t.cluster_id, t.namespace, ${value} as value from place t)`;
}

const KIND = sql`t.kind`;
const KIND_ALONE = kindAlone(KIND);
/** Each label of a row, as key=value. */
const LABEL = [sql`l.key || '=' || l.value`, sql`cross join jsonb_each_text(t.labels) l`] as const;
const CLUSTER: Source = sql`(select id as cluster_id, null::text as namespace, name as value from cluster)`;
const TEAMS = together(from('counter', sql`t.team`), ofWorkloads(sql`t.team`), ofNamespaces(sql`t.team`));
const KNOWN_NAMESPACES: Source = sql`(select cluster_id, name as namespace, name as value from known_namespace)`;

/** Who works on findings: few of all findings are triaged. */
const ASSIGNEES: Source = sql`(select g.cluster_id, f.namespace, g.assignee as value from triage g
  join finding f on f.cluster_id = g.cluster_id and f.fingerprint = g.fingerprint where g.assignee is not null)`;

/** By list and field. */
const SOURCES: Readonly<Partial<Record<QueryList, Readonly<Record<string, Source>>>>> = {
  findings: {
    cluster: CLUSTER,
    control: from('counter', sql`t.control`),
    // Also those in which nothing was ever found.
    namespace: together(from('counter', sql`t.namespace`), ofNamespaces(sql`t.name`)),
    kind: from('counter', KIND),
    name: from('object_counter', sql`t.name`),
    owner: from('counter', sql`t.team`),
    environment: from('counter', sql`t.environment`),
    assignee: ASSIGNEES,
  },
  workloads: {
    cluster: CLUSTER,
    namespace: ofWorkloads(sql`t.namespace`),
    kind: ofWorkloads(KIND),
    name: ofWorkloads(sql`t.name`),
    owner: ofWorkloads(sql`t.team`),
    environment: ofWorkloads(sql`t.environment`),
    image: ofWorkloads(sql`unnest(t.images || t.pod_images)`),
    label: ofWorkloads(...LABEL),
    'service-account': ofWorkloads(sql`unnest(t.service_account || t.pod_accounts)`),
    node: ofNodes(sql`t.name`),
  },
  resources: {
    cluster: CLUSTER,
    namespace: ofPlaces(sql`t.namespace`),
    kind: ofPlaces(KIND),
    group: ofPlaces(sql`nullif(left(t.kind, -1 - length(${KIND_ALONE})), '')`),
    name: from('resource', sql`t.name`),
    owner: TEAMS,
  },
  nodes: {
    cluster: CLUSTER,
    name: ofNodes(sql`t.name`),
    owner: ofNodes(sql`t.team`),
    label: ofNodes(...LABEL),
  },
  namespaces: {
    cluster: CLUSTER,
    name: ofNamespaces(sql`t.name`),
    owner: ofNamespaces(sql`t.team`),
    environment: ofNamespaces(sql`t.environment`),
    label: ofNamespaces(...LABEL),
  },
  changes: {
    cluster: CLUSTER,
    namespace: KNOWN_NAMESPACES,
    kind: ofPlaces(KIND),
    name: from('resource', sql`t.name`),
  },
  coverage: {
    cluster: CLUSTER,
    code: sql`(select cluster_id, namespace, code as value from coverage)`,
    subject: sql`(select cluster_id, namespace, subject as value from coverage)`,
  },
  exceptions: {
    cluster: CLUSTER,
    control: from('counter', sql`t.control`),
    namespace: KNOWN_NAMESPACES,
    kind: from('counter', KIND_ALONE),
  },
  teams: { owner: TEAMS },
};
