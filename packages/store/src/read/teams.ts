import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { OWNER } from './owner.ts';

export interface TeamRecord {
  /** As `ownerKey` has it. */
  readonly owner: string;
  /** Each way in which it is written. */
  readonly spellings: readonly string[];
  readonly workloads: number;
  readonly namespaces: number;
  /** How they are reached, as their workloads say, each once. */
  readonly contacts: readonly string[];
}

/** What each owner has. Cost: one pass over the workloads. */
export async function workloadsByOwner({ db }: Store, scope: Scope): Promise<readonly TeamRecord[]> {
  const { rows } = await sql<TeamRecord>`
    with alike as (
      select ${OWNER} as owner, t.team, t.contacts, t.cluster_id, t.namespace, count(*) as workloads
      from resource t where t.is_workload and ${inScope(scope)} group by 1, 2, 3, 4, 5
    ), reached as (
      select owner, array_agg(distinct contact order by contact) as contacts
      from alike cross join unnest(contacts) as contact group by 1
    )
    select o.*, coalesce(reached.contacts, '{}') as contacts from (
      select owner, coalesce(array_agg(distinct team) filter (where team <> ''), '{}') as spellings,
        sum(workloads)::int as workloads, count(distinct (cluster_id, namespace))::int as namespaces
      from alike group by 1
    ) o left join reached using (owner) order by 1`.execute(db);
  return rows;
}
