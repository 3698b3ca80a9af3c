import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';

export interface TeamRecord {
  /** Empty for what nobody owns. */
  readonly team: string;
  readonly workloads: number;
  readonly namespaces: number;
  /** How they are reached, as their workloads say, each once. */
  readonly contacts: readonly string[];
}

/** What each owner has. */
export async function workloadsByOwner({ db }: Store, scope: Scope): Promise<readonly TeamRecord[]> {
  const { rows } = await sql<TeamRecord>`
    with reached as (
      select coalesce(t.team, '') as team, array_agg(distinct contact order by contact) as contacts
      from resource t cross join unnest(t.contacts) as contact where t.is_workload and ${inScope(scope)} group by 1
    )
    select o.team, o.workloads, o.namespaces, coalesce(reached.contacts, '{}') as contacts from (
      select coalesce(t.team, '') as team, count(*)::int as workloads,
        count(distinct (t.cluster_id, t.namespace))::int as namespaces
      from resource t where t.is_workload and ${inScope(scope)} group by 1
    ) o left join reached using (team) order by 1`.execute(db);
  return rows;
}
