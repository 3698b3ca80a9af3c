import { NAMESPACE_FIELDS, RESOURCE_FIELDS } from '@bulwark/core';
import {
  type ListRequest,
  listResources,
  type ResourceRecord,
  type Scope,
  type Store,
  type Times,
} from '@bulwark/store';
import { clusterOf, countsOf, iso, severityOf } from './convert.ts';
import { listRequestOf, queryOf } from './list-request.ts';

const LEVELS = ['privileged', 'baseline', 'restricted'] as const;
type Level = (typeof LEVELS)[number];

interface Counted {
  readonly namespace: string;
  readonly workloads: number;
  readonly pods: number;
  readonly policies: number;
  readonly counts: readonly number[];
}

/** Namespaces, with what is in each. */
export async function namespaceItems(
  store: Store,
  scope: Scope,
  query: {
    readonly q?: string | undefined;
    readonly sort?: string | undefined;
    readonly limit?: number;
    readonly cursor?: string | undefined;
    readonly asOf?: string | undefined;
  },
  now: Date,
) {
  queryOf(query.q, NAMESPACE_FIELDS);
  const request: ListRequest & Times = listRequestOf(
    { ...query, sort: query.sort?.includes('severity') === true ? undefined : query.sort },
    RESOURCE_FIELDS,
    now,
  );
  const page = await listResources(store, scope, { ...request, kind: 'Namespace' });
  const counted = await countIn(store, page.items);
  return {
    ...page,
    items: page.items.map((record) => {
      const own = counted.get(`${record.clusterId}|${record.name}`);
      const counts = own?.counts ?? [0, 0, 0, 0, 0];
      const worst = counts.findLastIndex((count) => count > 0);
      const label = record.labels['pod-security.kubernetes.io/enforce'];
      return {
        cluster: clusterOf(record),
        name: record.name,
        owner: record.team,
        environment: record.environment,
        criticality: record.criticality,
        enforced: LEVELS.find((level) => level === label) ?? null,
        ...possible(own, counts),
        workloads: own?.workloads ?? 0,
        pods: own?.pods ?? 0,
        hasPolicies: (own?.policies ?? 0) > 0,
        worst: worst < 0 ? null : severityOf(worst),
        findings: countsOf(counts),
        firstSeen: iso(record.firstSeen),
      };
    }),
  };
}

function possible(
  _own: Counted | undefined,
  _counts: readonly number[],
): { readonly possible: Level; readonly blockedBy: string[] } {
  return { possible: 'privileged', blockedBy: [] };
}

async function countIn(
  { pool }: Store,
  namespaces: readonly ResourceRecord[],
): Promise<ReadonlyMap<string, Counted>> {
  const { rows } = await pool.query<Counted & { clusterId: number }>(
    `select n.cluster as "clusterId", n.name as namespace,
       (select count(*) from resource r where r.cluster_id = n.cluster and r.namespace = n.name and r.is_workload)::int as workloads,
       (select count(*) from resource r where r.cluster_id = n.cluster and r.namespace = n.name and r.kind = 'Pod')::int as pods,
       (select count(*) from resource r where r.cluster_id = n.cluster and r.namespace = n.name and r.kind = 'networking.k8s.io/NetworkPolicy')::int as policies,
       array(select coalesce(sum(k.open), 0)::int from generate_series(0, 4) s
         left join counter k on k.cluster_id = n.cluster and k.namespace = n.name and k.severity = s group by s order by s) as counts
     from json_to_recordset($1) as n(cluster int, name text)`,
    [JSON.stringify(namespaces.map(({ clusterId, name }) => ({ cluster: clusterId, name })))],
  );
  return new Map(rows.map((row) => [`${row.clusterId}|${row.namespace}`, row]));
}
