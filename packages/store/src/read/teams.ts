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

/** What each owner has. */
export async function workloadsByOwner({ db }: Store, scope: Scope): Promise<readonly TeamRecord[]> {
  const { rows } = await sql<TeamRecord>`
    with reached as (
      select ${OWNER} as owner, array_agg(distinct contact order by contact) as contacts
      from resource t cross join unnest(t.contacts) as contact where t.is_workload and ${inScope(scope)} group by 1
    )
    select o.*, coalesce(reached.contacts, '{}') as contacts from (
      select ${OWNER} as owner, coalesce(array_agg(distinct t.team) filter (where t.team <> ''), '{}') as spellings,
        count(*)::int as workloads, count(distinct (t.cluster_id, t.namespace))::int as namespaces
      from resource t where t.is_workload and ${inScope(scope)} group by 1
    ) o left join reached using (owner) order by 1`.execute(db);
  return rows;
}
