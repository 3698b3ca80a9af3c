import { type RawBuilder, sql } from 'kysely';
import { inNamespaces, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { accountsOf, hasNotEnded, imagesOf } from '../write/in-pods.ts';
import { PLACE_FIELDS, type Times } from './finding-columns.ts';
import { mentions } from './finding-state.ts';
import type { ResourceRecord } from './inventory.ts';
import { type Joined, OBJECT_COUNTS, objectCountsAt, openAt, sumOf } from './object-counts.ts';
import { type ListDefinition, type ListRequest, type Page, readPage } from './page.ts';
import {
  LABELS,
  RESOURCE_COLUMNS,
  RESOURCE_KEY,
  RESOURCE_SELECT,
  RESOURCE_SORTS,
  resourceSource,
} from './resource-source.ts';

export interface WorkloadRecord extends ResourceRecord {
  readonly images: readonly string[];
  readonly serviceAccount: string;
  /** Those that its pods run and its template does not name. */
  readonly podImages: readonly string[];
  readonly podAccounts: readonly string[];
  readonly pods: number;
  readonly nodes: readonly string[];
  /** Open findings by severity, info first. */
  readonly counts: readonly number[];
}

interface Pods extends Joined {
  readonly count: RawBuilder<number>;
  readonly nodes: RawBuilder<string[]>;
  /** The nodes as a relation, where that is cheaper. */
  readonly items?: RawBuilder<unknown>;
}

const STANDARD = '-severity';
const NOTHING: Joined = { join: sql``, columns: sql`` };
const NODE = sql`p.instance #>> '{spec,nodeName}'`;

const OWN_PODS = sql`from resource p where p.kind = 'Pod' and p.cluster_id = t.cluster_id and p.namespace = t.namespace
  and p.owner_kind = t.kind and p.owner_name = t.name`;
const OWN_NODES = sql`(select ${NODE} as node ${OWN_PODS} and ${NODE} is not null)`;

/** Looked up for a row. */
const PODS_OF_ROW: Pods = {
  ...NOTHING,
  count: sql<number>`(select count(*) ${OWN_PODS})`,
  nodes: sql<string[]>`array(select distinct node from ${OWN_NODES} n order by 1)`,
  items: OWN_NODES,
};

/**
 * Pods are looked up for the rows of a page. Where all workloads are asked for how many they have, and of a moment, for which
 * there is no index, all pods are gone through once.
 */
function podsOfWorkloads({ asOf, query, sort }: ListRequest & Times): Pods {
  const areCounted = /^-?pods$/.test(sort ?? '') || mentions(query, 'pods');
  const counted = (more: RawBuilder<unknown>) => sql`left join (
      select cluster_id, owner_kind, namespace, owner_name, count(*) as pods ${more}
      from ${resourceSource({ asOf }, sql`kind = 'Pod'`)} p group by 1, 2, 3, 4
    ) p on p.cluster_id = r.cluster_id and p.owner_kind = r.kind and p.namespace = r.namespace and p.owner_name = r.name`;
  const ofCounted = { columns: sql`, coalesce(p.pods, 0) as pods`, count: sql<number>`t.pods` };
  if (asOf !== undefined)
    return {
      join: counted(sql`, array_agg(distinct p.node) filter (where p.node is not null) as nodes,
        array_agg(distinct p.body_hash) filter (where ${sql.raw(hasNotEnded('p'))}) as bodies`),
      columns: sql`${ofCounted.columns}, coalesce(p.nodes, '{}') as nodes, ${OTHERS_OF_BODIES}`,
      count: ofCounted.count,
      nodes: sql<string[]>`t.nodes`,
    };
  return areCounted ? { ...PODS_OF_ROW, join: counted(sql``), ...ofCounted } : PODS_OF_ROW;
}

/** What the pods of a moment ran that was not the template's. */
const OTHERS_OF_BODIES = sql`
  array(select distinct i.image from ${sql.raw(imagesOf('p.bodies', 'p.cluster_id'))} i where i.image <> all(r.images) order by 1) as pod_images,
  array(select distinct a.account from ${sql.raw(accountsOf('p.bodies', 'p.cluster_id'))} a
    where a.account <> r.service_account order by 1) as pod_accounts`;

const asksOpen = ({ query }: ListRequest) => mentions(query, 'severity') || mentions(query, 'findings');
/** Whether a page goes through all workloads that may fit, as no index has them in its order. */
const isPassed = ({ sort = STANDARD }: ListRequest) => /^-?(severity|first-seen|pods)$/.test(sort);
const OF_PODS = ['pods', 'node', 'image', 'service-account'];
const asksPods = ({ query }: ListRequest) => OF_PODS.some((field) => mentions(query, field));

/** How much all workloads have open; of a moment, for which there is no index, only where it orders or filters. */
async function countsOfWorkloads(store: Store, scope: Scope, request: ListRequest & Times): Promise<Joined> {
  const { asOf, sort = STANDARD } = request;
  if (asOf === undefined) return OBJECT_COUNTS;
  return /^-?severity$/.test(sort) || asksOpen(request) ? objectCountsAt(store, scope, asOf) : NOTHING;
}

const COUNTS_NOW = sql`coalesce((select k.counts from object_counter k where k.cluster_id = t.cluster_id
  and k.namespace = t.namespace and k.kind = t.kind and k.name = t.name), '{0,0,0,0,0}')`;

/** A page of workloads: what has pod templates, and pods of their own. */
export async function listWorkloads(
  store: Store,
  scope: Scope,
  request: ListRequest & Times,
): Promise<Page<WorkloadRecord>> {
  const counts = await countsOfWorkloads(store, scope, request);
  const page = await readPage<WorkloadRecord>(store, scope, definitionOf(scope, request, counts), request);
  const { asOf } = request;
  if (asOf === undefined) return page;
  const open = await openAt(store, page.items, asOf);
  const items = page.items.map((item, index) => {
    const each = open[index] ?? [];
    return { ...item, findings: sumOf(each), counts: each };
  });
  return { ...page, items };
}

function definitionOf(scope: Scope, request: ListRequest & Times, counts: Joined): ListDefinition {
  const pods = podsOfWorkloads(request);
  const sourceOf = (open: Joined, theirs: Joined) => sql`(
    select r.* ${open.columns} ${theirs.columns}
    from ${resourceSource(request, sql`is_workload`)} r ${open.join} ${theirs.join})`;
  const isLive = request.asOf === undefined;
  // Of a moment, what is open is looked up for the page afterwards.
  const shown = isLive ? sql`, t.open as findings, ${COUNTS_NOW} as counts` : sql``;
  const pagePods = isLive ? PODS_OF_ROW : pods;
  return {
    source: sourceOf(counts, pods),
    // What has ended is not found by its key.
    ...(isLive && { rows: sourceOf(OBJECT_COUNTS, NOTHING) }),
    isCountedByPage: isLive ? isPassed(request) : asksOpen(request),
    counted: sourceOf(asksOpen(request) ? counts : NOTHING, asksPods(request) ? pods : NOTHING),
    columns: {
      fields: {
        ...RESOURCE_COLUMNS,
        environment: PLACE_FIELDS.environment,
        criticality: PLACE_FIELDS.criticality,
        image: { type: 'list', sql: sql`(t.images || t.pod_images)` },
        severity: { type: 'rank', sql: sql`nullif(t.worst, -1)` },
        findings: { type: 'number', sql: sql`t.open` },
        pods: { type: 'number', sql: pods.count },
        node: { type: 'list', sql: pods.nodes, ...(pods.items !== undefined && { items: pods.items }) },
        'service-account': { type: 'list', sql: sql`(t.service_account || t.pod_accounts)` },
      },
      texts: [
        sql`t.namespace`,
        sql`t.name`,
        sql`t.kind`,
        // Of a moment, what pods ran besides is not looked for in all of them.
        isLive ? sql`array_to_string(t.images || t.pod_images, ' ')` : sql`array_to_string(t.images, ' ')`,
        sql`${LABELS}::text`,
      ],
    },
    sorts: {
      ...RESOURCE_SORTS,
      severity: [
        { sql: sql`t.worst`, type: 'int4' },
        { sql: sql`t.open`, type: 'int4' },
      ],
      pods: [{ sql: pods.count, type: 'int8' }],
    },
    standard: STANDARD,
    key: RESOURCE_KEY,
    condition: inNamespaces(scope),
    select: sql`${RESOURCE_SELECT}, t.images, t.service_account as "serviceAccount",
      t.pod_images as "podImages", t.pod_accounts as "podAccounts", ${pagePods.count}::int as pods,
      ${pagePods.nodes} as nodes ${shown}`,
  };
}
