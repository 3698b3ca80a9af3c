import { type RawBuilder, sql } from 'kysely';
import { inClusters, inNamespaces, inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { ClusterState } from '../write/clusters.ts';
import type { KindRecord } from '../write/sight.ts';
import { countersAt } from './counters.ts';
import { knownSince } from './known-since.ts';
import { namespaceOf } from './resource-source.ts';

export interface ClusterRecord {
  readonly id: number;
  readonly name: string;
  readonly server: string;
  readonly uid: string;
  readonly version: string;
  readonly isDemo: boolean;
  readonly state: ClusterState;
  readonly reason: string | null;
  /** From when on something is known of it. */
  readonly firstSeen: Date;
  readonly lastSeen: Date | null;
  readonly kinds: readonly KindRecord[];
  readonly objects: number;
  readonly workloads: number;
  readonly pods: number;
  readonly nodes: number;
  readonly lost: number;
  /** Open findings by severity, info first. */
  readonly counts: readonly number[];
}

const SEVERITIES = [0, 1, 2, 3, 4];

/** Sums by severity, info first. */
function bySeverity(count: RawBuilder<unknown>, of: RawBuilder<unknown>): RawBuilder<number[]> {
  const sums = SEVERITIES.map(
    (severity) => sql`coalesce(sum(${count}) filter (where ${of} = ${sql.lit(severity)}), 0)`,
  );
  return sql<number[]>`array[${sql.join(sums)}]::int[]`;
}

/** How many objects of a cluster `c` fit: each count comes from an index alone. */
function objectsOf(
  scope: Scope,
  condition: RawBuilder<unknown>,
  namespace?: RawBuilder<unknown>,
): RawBuilder<number> {
  return sql<number>`(select count(*) from resource t where t.cluster_id = c.id and ${condition} and ${inNamespaces(scope, namespace)})`;
}

/** The clusters of a scope, with how much of each is seen. */
export async function listClusters(
  { db, unwritten }: Store,
  scope: Scope,
): Promise<readonly ClusterRecord[]> {
  const { rows } = await sql<ClusterRecord>`
    select c.id, c.name, c.server, c.uid, c.version, c.is_demo as "isDemo", c.state, c.reason, ${knownSince()} as "firstSeen",
      c.last_seen as "lastSeen", c.kinds, ${objectsOf(scope, sql`true`, namespaceOf)} as objects, ${objectsOf(scope, sql`t.is_workload`)} as workloads,
      ${objectsOf(scope, sql`t.kind = 'Pod'`)} as pods, ${objectsOf(scope, sql`t.kind = 'Node'`)} as nodes,
      (select count(*) from coverage v where v.cluster_id = c.id and v.kind = 'lost' and ${isToldIn(scope, sql`v.namespace`)}) as lost,
      (select ${bySeverity(sql`k.open`, sql`k.severity`)} from counter k
        where k.cluster_id = c.id and ${inNamespaces(scope, sql`k.namespace`)}) as counts
    from cluster c where ${inClusters(scope, sql`c.id`)} order by c.name, c.id`.execute(db);
  return rows.map((row) => unwritten.standing(row));
}

/** How many objects of each kind of a cluster a scope holds, by the kind with its group. */
export async function objectsByKind(
  { db }: Store,
  scope: Scope,
  cluster: number,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ kind: string; objects: number }>`
    select t.kind, count(*)::int as objects from resource t
    where t.cluster_id = ${cluster} and ${inScope(scope, namespaceOf)} group by 1`.execute(db);
  return new Map(rows.map(({ kind, objects }) => [kind, objects]));
}

/** When the first and when the last cluster of a scope was first seen: from when on something is known of it. */
export interface FirstSeen {
  readonly earliest: Date | null;
  /** Before it, nothing is known not to be there: from then on changes of all of them are known. */
  readonly latest: Date | null;
}

/** Null where there is no cluster. */
export async function firstSeen({ db }: Store, scope: Scope): Promise<FirstSeen> {
  const { rows } = await sql<FirstSeen>`
    select min(known) as earliest, max(known) as latest
    from (select ${knownSince()} as known from cluster c where ${inClusters(scope, sql`c.id`)}) seen`.execute(
    db,
  );
  return rows[0] ?? { earliest: null, latest: null };
}

export interface DayRecord {
  readonly day: string;
  readonly counts: readonly number[];
}

/** Open findings at the end of each of the last days; days on which nothing changed have what the day before had. */
export async function trendOf(
  { db }: Store,
  scope: Scope,
  now: Date,
  days: number,
): Promise<readonly DayRecord[]> {
  const clusters = sql`(select c.id from cluster c where ${inClusters(scope, sql`c.id`)})`;
  const { rows } = await sql<DayRecord>`
    with day as (
      select d.day::date as day, c.id as cluster_id,
        (select max(p.day) from posture_day p where p.cluster_id = c.id and p.day <= d.day) as known
      from generate_series(${now}::timestamptz::date - ${days - 1}::int, ${now}::timestamptz::date, interval '1 day') d(day)
      cross join ${clusters} c
    )
    select to_char(d.day, 'YYYY-MM-DD') as day, ${bySeverity(sql`t.open`, sql`t.severity`)} as counts
    from day d left join posture_day t on t.cluster_id = d.cluster_id and t.day = d.known and ${inNamespaces(scope)}
    where d.known is not null group by d.day order by 1`.execute(db);
  return rows;
}

/** Open findings of each control, now or as of a moment. */
export async function openByControl(
  { db }: Store,
  scope: Scope,
  asOf?: Date,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ control: string; open: number }>`
    select t.control, sum(t.open)::int as open from ${countersAt(asOf)} t where ${inScope(scope)} group by 1`.execute(
    db,
  );
  return new Map(rows.map(({ control, open }) => [control, open]));
}

/** Open findings by severity, info first, now or as of a moment. */
export async function openBySeverity({ db }: Store, scope: Scope, asOf?: Date): Promise<readonly number[]> {
  const { rows } = await sql<{ counts: readonly number[] }>`
    select ${bySeverity(sql`t.open`, sql`t.severity`)} as counts from ${countersAt(asOf)} t where ${inScope(scope)}`.execute(
    db,
  );
  return rows[0]?.counts ?? [];
}

export interface OwnerCount {
  readonly control: string;
  /** As it is written; empty is nobody. */
  readonly team: string;
  readonly open: number;
  readonly excepted: number;
  readonly severity: number;
}

/** What an owner, in one way of writing it, has of a control now. */
export interface OwnerStanding extends OwnerCount {
  /** Since when the oldest of the open findings is there; null where none is open. */
  readonly oldest: Date | null;
}

/** Open and excepted findings by control and owner as it is written, from the counters. */
export async function countsByOwner({ db }: Store, scope: Scope): Promise<readonly OwnerStanding[]> {
  const { rows } = await sql<OwnerStanding>`
    select t.control, t.team, max(t.severity) as severity, sum(t.open)::int as open, sum(t.excepted)::int as excepted,
      min(t.oldest) filter (where t.open > 0) as oldest
    from counter t where ${inScope(scope)} group by 1, 2 having sum(t.open) > 0 or sum(t.excepted) > 0`.execute(
    db,
  );
  return rows;
}

export interface CoverageItem {
  readonly clusterId: number;
  readonly clusterName: string;
  readonly code: string;
  readonly kind: 'lost' | 'note';
  readonly subject: string;
  readonly reason: string;
  readonly remedy: string | null;
  readonly since: Date;
}

/** SQL for what is of a namespace of a scope, or of the whole cluster. */
export function isToldIn(scope: Scope, namespace: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`(${namespace} is null or ${inNamespaces(scope, namespace)})`;
}

/**
 * What was not seen or judged, the worst first. A limit to namespaces hides what is of an object elsewhere, and nothing that is
 * of the whole cluster.
 */
export async function listCoverage({ db }: Store, scope: Scope): Promise<readonly CoverageItem[]> {
  const { rows } = await sql<CoverageItem>`
    select t.cluster_id as "clusterId", c.name as "clusterName", t.code, t.kind, t.subject, t.reason, t.remedy, t.since
    from coverage t join cluster c on c.id = t.cluster_id
    where ${inClusters(scope)} and ${isToldIn(scope, sql`t.namespace`)} order by t.kind, c.name, t.subject`.execute(
    db,
  );
  return rows;
}
