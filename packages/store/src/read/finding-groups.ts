import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { findingColumns, findingSource, mentions, openUnlessAsked, type Times } from './findings.ts';
import type { ListRequest } from './page.ts';
import { toSql } from './query-sql.ts';

export interface FindingGroupRecord {
  readonly key: string;
  readonly severity: number;
  readonly findings: number;
  readonly objects: number;
  /** By severity, info first. */
  readonly counts: readonly number[];
  readonly owners: readonly string[];
  readonly unowned: number;
  readonly assignees: readonly string[];
  readonly oldest: Date;
  readonly fixable: number;
  readonly production: number;
  readonly test: number;
  readonly crownJewels: number;
  readonly nonCritical: number;
  readonly example: string;
}

const KEYS = {
  control: sql`t.control`,
  workload: sql`concat_ws('|', t.cluster_id, t.kind, t.namespace, t.name)`,
  namespace: sql`concat_ws('|', t.cluster_id, t.namespace)`,
  owner: sql`coalesce(t.team, '')`,
} as const;

const OBJECT = sql`(t.cluster_id, t.kind, t.namespace, t.name)`;
const TEST = sql`t.environment in ('test', 'development', 'sandbox', 'dev', 'qa')`;

function objects(condition: ReturnType<typeof sql>) {
  return sql`count(distinct ${OBJECT}) filter (where ${condition})`;
}

/** Findings in groups, the worst and largest first. Cost: one pass over what the query finds. */
export async function groupFindings(
  { db }: Store,
  scope: Scope,
  by: keyof typeof KEYS,
  request: Omit<ListRequest, 'sort' | 'cursor'> & Times,
): Promise<readonly FindingGroupRecord[]> {
  const counts = sql.join(
    [0, 1, 2, 3, 4].map((severity) => sql`count(*) filter (where t.severity = ${sql.raw(String(severity))})`),
  );
  const { rows } = await sql<FindingGroupRecord>`
    select ${KEYS[by]} as key, max(t.severity) as severity, count(*) as findings, count(distinct ${OBJECT}) as objects,
      array[${counts}]::int[] as counts, coalesce(array_agg(distinct t.team) filter (where t.team is not null), '{}') as owners,
      ${objects(sql`t.team is null`)} as unowned, min(t.first_seen) as oldest, count(*) filter (where t.fixable) as fixable,
      ${objects(sql`t.environment in ('production', 'prod')`)} as production, ${objects(TEST)} as test,
      ${objects(sql`t.criticality = 'crown-jewel'`)} as "crownJewels", ${objects(sql`t.criticality = 'non-critical'`)} as "nonCritical",
      coalesce(array_agg(distinct g.assignee) filter (where g.assignee is not null), '{}') as assignees,
      (array_agg(t.message order by t.first_seen, t.fingerprint))[1] as example
    from ${findingSource(request, mentions(request.query, 'state'))} t
    left join triage g on g.cluster_id = t.cluster_id and g.fingerprint = t.fingerprint
    where ${inScope(scope)} and ${openUnlessAsked(request.query)} and ${toSql(request.query, findingColumns(), request.now)}
    group by 1 order by 2 desc, 4 desc, 1 limit ${request.limit}`.execute(db);
  return rows;
}
