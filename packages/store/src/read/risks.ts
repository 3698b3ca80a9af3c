import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { ObjectKey, StoredReason } from '../write/rows.ts';

/** What makes faults of a workload matter. */
export interface RiskRecord extends ObjectKey {
  readonly cluster: number;
  readonly points: number;
  readonly reach: string;
  readonly reasons: readonly StoredReason[];
}

/** The risks of some workloads; those that have none are left out. */
export async function risksOf(
  { db }: Store,
  scope: Scope,
  keys: readonly (ObjectKey & { readonly cluster: number })[],
): Promise<readonly RiskRecord[]> {
  const { rows } = await sql<RiskRecord>`
    select t.cluster_id as cluster, t.kind, t.namespace, t.name, t.points, t.reach, t.reasons from workload_risk t
    where ${inScope(scope)} and (t.cluster_id, t.namespace, t.name, t.kind) in (select * from unnest(
      ${keys.map(({ cluster }) => cluster)}::int[], ${keys.map(({ namespace }) => namespace)}::text[],
      ${keys.map(({ name }) => name)}::text[], ${keys.map(({ kind }) => kind)}::text[]))`.execute(db);
  return rows;
}
