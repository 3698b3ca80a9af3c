import { type RawBuilder, sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { isRiskOf, parseRiskiest, type RiskyObject, riskiest } from '../write/riskiest.ts';
import { findingColumns, findingSource, inStates, type Times } from './finding-columns.ts';
import { findingHint, isOfPlaces, openQuery, placeColumns } from './finding-hint.ts';
import { mentions, statesOf } from './finding-state.ts';
import { clustersOf, type ListRequest } from './page.ts';
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
  /** Of which nothing says in what environment they are. */
  readonly unknownEnvironment: number;
  readonly crownJewels: number;
  readonly nonCritical: number;
  readonly unknownCriticality: number;
  /** Open to the Internet. Known of the present, in groups by control. */
  readonly exposed: number;
  /** The workload whose circumstances weigh most; undefined where that is none, and as `exposed`. */
  readonly riskiest: RiskyObject | undefined;
  readonly example: string;
}

const KEYS = {
  control: sql`t.control`,
  workload: sql`concat_ws('|', t.cluster_id, t.kind, t.namespace, t.name)`,
  namespace: sql`concat_ws('|', t.cluster_id, t.namespace)`,
  owner: sql`coalesce(t.team, '')`,
} as const;

export type GroupKey = keyof typeof KEYS;
type GroupRequest = Omit<ListRequest, 'sort' | 'cursor'> & Times;

const SEVERITIES = [0, 1, 2, 3, 4];
/** What the sums of objects know nothing about. */
const OF_CONTROLS = ['control', 'severity', 'framework'] as const;

/**
 * Findings in groups, the worst and largest first. Cost: where sums answer, one pass over them; else one over what the query
 * finds.
 */
export async function groupFindings(
  store: Store,
  scope: Scope,
  by: GroupKey,
  request: GroupRequest,
): Promise<readonly FindingGroupRecord[]> {
  const { rows } = await sql<Omit<FindingGroupRecord, 'assignees' | 'riskiest'> & Risky>`
    select key, max(severity) as severity, sum(findings)::int as findings, sum(objects)::int as objects,
      array[${sql.join(SEVERITIES.map((severity) => sql`sum(${sql.ref(`count_${severity}`)})`))}]::int[] as counts,
      coalesce(array_agg(distinct team) filter (where team <> ''), '{}') as owners, ${objects(sql`team = ''`)} as unowned,
      min(oldest) as oldest, sum(fixable)::int as fixable,
      ${objects(sql`environment in ('production', 'prod')`)} as production,
      ${objects(sql`environment in ('test', 'development', 'sandbox', 'dev', 'qa')`)} as test,
      ${objects(sql`criticality = 'crown-jewel'`)} as "crownJewels",
      ${objects(sql`criticality = 'non-critical'`)} as "nonCritical", min(example) as example,
      ${objects(sql`coalesce(environment, '') = ''`)} as "unknownEnvironment",
      ${objects(sql`coalesce(criticality, '') = ''`)} as "unknownCriticality", sum(exposed)::int as exposed,
      max(riskiest) as riskiest, ${objects(sql`riskiest is null`)} as "notRisky"
    from ${await parts(store, scope, by, request)} part
    group by key order by severity desc, objects desc, key limit ${request.limit}`.execute(store.db);
  const assignees = await assigneesOf(store, scope, by, request);
  return rows.map(({ riskiest, notRisky, ...row }) => ({
    ...row,
    assignees: assignees.get(row.key) ?? [],
    riskiest: worstOf(riskiest, notRisky),
  }));
}

/** The worst workload of a group as text, and how many of its objects are no workloads. */
interface Risky {
  readonly riskiest: string | null;
  readonly notRisky: number;
}

/** What is no workload has no circumstances of its own: it is worse than a workload that nobody reaches. */
function worstOf(text: string | null, notRisky: number): RiskyObject | undefined {
  const worst = text === null ? undefined : parseRiskiest(text);
  return worst === undefined || (worst.points < 0 && notRisky > 0) ? undefined : worst;
}

function objects(condition: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`coalesce(sum(objects) filter (where ${condition}), 0)::int`;
}

/** What groups are made of: rows that never share an object with another row of their group. */
async function parts(
  store: Store,
  scope: Scope,
  by: GroupKey,
  request: GroupRequest,
): Promise<RawBuilder<unknown>> {
  const { asOf, since, now } = request;
  const query = asOf === undefined && since === undefined ? openQuery(request.query) : undefined;
  if (query !== undefined && isOfPlaces(query)) {
    const columns = placeColumns(request.frameworks);
    if (by === 'control') return ofCounters(scope, toSql(query, columns, now));
    if (!OF_CONTROLS.some((field) => mentions(query, field)))
      return ofObjects(scope, KEYS[by], toSql(query, columns, now));
  }
  const clusters = await clustersOf(store, scope);
  const hint = await findingHint(
    store,
    scope,
    request,
    clusters.map(({ id }) => id),
  );
  return ofFindings(KEYS[by], matching(scope, request, hint.condition), asOf === undefined);
}

function ofCounters(scope: Scope, condition: RawBuilder<boolean>): RawBuilder<unknown> {
  const counts = SEVERITIES.map(
    (severity) =>
      sql`case when t.severity = ${sql.lit(severity)} then t.open else 0 end as ${sql.ref(`count_${severity}`)}`,
  );
  return sql`(
    select t.control as key, t.severity, t.open as findings, t.objects, ${sql.join(counts)}, t.team, t.environment,
      t.criticality, t.oldest, t.fixable, t.example, t.riskiest, t.exposed
    from counter t where t.open > 0 and ${inScope(scope)} and ${condition})`;
}

function ofObjects(
  scope: Scope,
  key: RawBuilder<unknown>,
  condition: RawBuilder<boolean>,
): RawBuilder<unknown> {
  const counts = SEVERITIES.map(
    (severity) => sql`t.counts[${sql.lit(severity + 1)}] as ${sql.ref(`count_${severity}`)}`,
  );
  return sql`(
    select ${key} as key, t.worst as severity, t.open as findings, 1 as objects, ${sql.join(counts)}, t.team, t.environment,
      t.criticality, t.oldest, t.fixable, t.example, null::text as riskiest, 0 as exposed
    from object_counter t where t.open > 0 and ${inScope(scope)} and ${condition})`;
}

function ofFindings(
  key: RawBuilder<unknown>,
  found: RawBuilder<unknown>,
  isPresent: boolean,
): RawBuilder<unknown> {
  const counts = SEVERITIES.map(
    (severity) =>
      sql`count(*) filter (where t.severity = ${sql.lit(severity)}) as ${sql.ref(`count_${severity}`)}`,
  );
  return sql`(
    select ${key} as key, max(t.severity) as severity, count(*) as findings, 1 as objects, ${sql.join(counts)},
      max(coalesce(t.team, '')) as team, max(t.environment) as environment, max(t.criticality) as criticality,
      min(t.first_seen) as oldest, count(*) filter (where t.fixable) as fixable, min(t.message) as example,
      max(${sql.raw(riskiest('t'))}) as riskiest, (count(*) filter (where r.reach = 'internet') > 0)::int as exposed
    from ${found} t left join workload_risk r on ${isPresent ? sql.raw(isRiskOf('t')) : sql`false`} group by 1, t.cluster_id, t.kind, t.namespace, t.name)`;
}

/** The findings that a query asks for. */
export function matching(
  scope: Scope,
  request: Pick<ListRequest, 'query' | 'now' | 'frameworks'> & Times,
  hint: RawBuilder<boolean> | undefined,
): RawBuilder<unknown> {
  const { query, now } = request;
  const states = statesOf(query);
  return sql`(select t.* from ${findingSource(request, states)} t
    where ${inScope(scope)} and ${inStates(states)} and ${toSql(query, findingColumns(request.frameworks), now)} and ${hint ?? sql`true`})`;
}

/** Who works on the findings of each group. */
async function assigneesOf(
  { db }: Store,
  scope: Scope,
  by: GroupKey,
  request: GroupRequest,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const isAssigned = sql<boolean>`(t.cluster_id, t.fingerprint) in (
    select cluster_id, fingerprint from triage where assignee is not null)`;
  const { rows } = await sql<{ key: string; assignees: string[] }>`
    select ${KEYS[by]} as key, array_agg(distinct g.assignee) as assignees
    from ${matching(scope, request, isAssigned)} t
    join triage g on g.cluster_id = t.cluster_id and g.fingerprint = t.fingerprint
    group by 1`.execute(db);
  return new Map(rows.map(({ key, assignees }) => [key, assignees]));
}
