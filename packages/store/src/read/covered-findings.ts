import { type RawBuilder, sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { ObjectKey } from '../write/rows.ts';
import { OWN_NAMESPACE } from './finding-columns.ts';
import { isOfRequest } from './finding-exception.ts';

/** An object that an exception covers a finding of. */
export interface CoveredObject extends ObjectKey {
  readonly clusterId: number;
  readonly clusterName: string;
  readonly apiVersion: string;
}

/** What the findings of an exception are about. */
export interface DecidedCover {
  /** Their controls, the worst first; five at most. */
  readonly controls: readonly string[];
  readonly controlCount: number;
  readonly objects: number;
  /** The object of the worst finding. */
  readonly worst: CoveredObject;
}

/** Findings by severity, info first. */
export interface DecidedCounts {
  /** Those that it accepts. */
  readonly accepted: readonly number[];
  /** Those for which it is no more than a request. */
  readonly asked: readonly number[];
  /** Absent where nothing is found, or where it was not judged by yet. */
  readonly cover?: DecidedCover;
}

/** One finding of an exception. */
export interface CoveredFinding extends CoveredObject {
  readonly fingerprint: string;
  readonly control: string;
  readonly severity: number;
  readonly container: string | null;
  readonly isAccepted: boolean;
}

/** The live findings that stand under an exception of the hub or a request, `named`, each with its number. */
function named(scope: Scope): RawBuilder<unknown> {
  return sql`decided as (
      select t.cluster_id, t.fingerprint, t.api_version, t.kind, ${OWN_NAMESPACE} as namespace, t.name, t.container, t.control, t.severity,
        t.exception is not null as accepted, coalesce(t.exception, t.requested) as said
      from finding t where (t.exception is not null or t.requested is not null) and ${inScope(scope)}
    ), named as (
      select (said->>'id')::int as id, d.* from decided d where said->>'origin' = 'hub'
      union all
      select e.id, d.* from decided d
      join exception e on ${isOfRequest({ of: sql`d`, namespace: sql`d.namespace`, said: sql`d.said` })}
      where d.said->>'annotation' is not null
    )`;
}

/**
 * What exceptions really cover now, by their ids: the live findings that stand under each. Those that stand under none are
 * left out. Cost: the findings under an exception or a request.
 */
export async function countDecided({ db }: Store, scope: Scope): Promise<ReadonlyMap<number, DecidedCounts>> {
  const { rows } = await sql<DecidedCover & { id: number; sums: readonly [number, boolean, number][] }>`
    with ${named(scope)}, sums as (
      select id, jsonb_agg(jsonb_build_array(severity, accepted, n)) as sums
      from (select id, severity, accepted, count(*) as n from named group by 1, 2, 3) s group by id
    ), controls as (
      select id, (array_agg(control order by severity desc, n desc, control))[1:5] as controls, count(*)::int as "controlCount"
      from (select id, control, max(severity) as severity, count(*) as n from named group by 1, 2) s group by id
    ), objects as (
      select id, count(*)::int as objects from (select distinct id, cluster_id, kind, namespace, name from named) s group by id
    ), worst as (
      select distinct on (n.id) n.id, json_build_object('clusterId', n.cluster_id, 'clusterName', c.name, 'apiVersion', n.api_version,
        'kind', n.kind, 'namespace', n.namespace, 'name', n.name) as worst
      from named n join cluster c on c.id = n.cluster_id order by n.id, n.severity desc, n.control, n.namespace, n.name
    )
    select * from sums join controls using (id) join objects using (id) join worst using (id)`.execute(db);
  return new Map(
    rows.map(({ id, sums, ...cover }) => {
      const counts = { accepted: [0, 0, 0, 0, 0], asked: [0, 0, 0, 0, 0] };
      for (const [severity, isAccepted, count] of sums)
        counts[isAccepted ? 'accepted' : 'asked'][severity] = count;
      return [id, { ...counts, cover }];
    }),
  );
}

/** The live findings that stand under an exception or a request, the worst first. */
export async function coveredFindings(
  { db }: Store,
  scope: Scope,
  { id, limit }: { readonly id: number; readonly limit: number },
): Promise<readonly CoveredFinding[]> {
  const { rows } = await sql<CoveredFinding>`
    with ${named(scope)}
    select replace(n.fingerprint::text, '-', '') as fingerprint, n.control, n.severity, n.container, n.accepted as "isAccepted", n.cluster_id as "clusterId",
      c.name as "clusterName", n.api_version as "apiVersion", n.kind, n.namespace, n.name
    from named n join cluster c on c.id = n.cluster_id where n.id = ${id}
    order by n.severity desc, n.control, n.namespace, n.name, n.fingerprint limit ${limit}`.execute(db);
  return rows;
}
