import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';

export interface TeamRecord {
  /** Empty for what nobody owns. */
  readonly team: string;
  readonly workloads: number;
  readonly namespaces: number;
  /** Since when the oldest open finding is there. */
  readonly oldest: Date | null;
}

/** What each owner has. */
export async function workloadsByOwner({ db }: Store, scope: Scope): Promise<readonly TeamRecord[]> {
  const { rows } = await sql<TeamRecord>`
    select coalesce(t.team, '') as team, count(*)::int as workloads, count(distinct (t.cluster_id, t.namespace))::int as namespaces,
      (select min(f.first_seen) from finding f where f.exception is null and f.team is not distinct from t.team
         and f.cluster_id in (select cluster_id from (select f.cluster_id, f.namespace) t where ${inScope(scope)})) as oldest
    from resource t where t.is_workload and ${inScope(scope)} group by t.team`.execute(db);
  return rows;
}
