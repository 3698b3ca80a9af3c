import { PRODUCTION_ENVIRONMENTS, TEST_ENVIRONMENTS } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import type { Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { parseRiskiest, type RiskyObject } from '../write/riskiest.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { Times } from './finding-columns.ts';
import { findingHint, openQuery } from './finding-hint.ts';
import { type Grouping, partsOfControls, partsOfFindings } from './finding-parts.ts';
import {
  type Asked,
  areMostMixed,
  haveMoved,
  holdsAny,
  movedSince,
  OBJECTS,
  PLACES,
  questionFor,
  SEVERITIES,
  type Sums,
  TRIAGED,
} from './finding-sums.ts';
import { isOfTriage } from './finding-triage.ts';
import { folded } from './folded.ts';
import { matching } from './matching-findings.ts';
import { leftOf, type NamedFindings, placesOfNamed } from './named-findings.ts';
import { OWNER } from './owner.ts';
import { clustersOf, type ListRequest, type Page } from './page.ts';
import { triageAt } from './triage-at.ts';

export interface FindingGroupRecord {
  readonly key: string;
  readonly severity: number;
  readonly findings: number;
  readonly objects: number;
  /** The numbers of those in which they are. */
  readonly clusters: readonly number[];
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
  /** The first of the names of its objects, in groups by workload or namespace; else null. */
  readonly name: string | null;
}

/** By what findings are grouped: never by more than a query can tell apart, so that one finds what is in a group. */
const KEYS = {
  control: { key: sql`t.control`, isOfObject: false },
  'owned control': { key: sql`concat_ws('|', t.control, ${OWNER})`, isOfObject: false },
  workload: {
    key: sql`concat_ws('|', t.cluster_id, t.kind, t.namespace, ${folded(sql`t.name`)})`,
    isOfObject: true,
  },
  namespace: { key: sql`concat_ws('|', t.cluster_id, t.namespace)`, isOfObject: true },
  owner: { key: OWNER, isOfObject: false },
} as const satisfies Readonly<Record<string, Grouping>>;

export type GroupKey = keyof typeof KEYS;
type GroupRequest = Omit<ListRequest, 'sort' | 'limit' | 'cursor'> &
  Times & {
    /** Findings that are in no group. */
    readonly without?: readonly NamedFindings[];
  };

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
  const { groups } = await groupsOf(store, scope, by, request);
  const assignees = await assigneesOf(store, scope, by, request);
  return groups.map((group) => ({ ...group, assignees: assignees.get(group.key) ?? [] }));
}

/** A group as lists show it. */
export type ListedGroupRecord = Omit<FindingGroupRecord, 'assignees'>;

/**
 * A page of the same groups in the same order, by keyset. Cost: that of all groups.
 *
 * @throws AppError `bad-cursor` for a cursor of another list or of other groups.
 */
export async function pageOfGroups(
  store: Store,
  scope: Scope,
  by: GroupKey,
  request: GroupRequest & Pick<ListRequest, 'limit' | 'cursor'>,
): Promise<Page<ListedGroupRecord>> {
  const { limit, cursor } = request;
  const order = `groups by ${by}`;
  const after = cursor === undefined ? undefined : readCursor(cursor, order, PLACE_TYPES).values;
  const { groups, total } = await groupsOf(store, scope, by, { ...request, most: limit + 1, after });
  const items = groups.slice(0, limit);
  const last = items.at(-1);
  const next =
    groups.length > limit && last !== undefined
      ? writeCursor({ sort: order, values: [`${last.severity}`, `${last.objects}`, last.key], cluster: 0 })
      : null;
  return { items, next, total: after === undefined ? total : null };
}

/** What the place of a group in their order is made of: severity, objects and key. */
const PLACE_TYPES = ['int2', 'int4', 'text'] as const;

interface Part {
  readonly most?: number;
  /** The place behind which it begins. */
  readonly after?: readonly string[] | undefined;
}

/** Groups in their order, and how many there are from the first of them on. */
async function groupsOf(
  store: Store,
  scope: Scope,
  by: GroupKey,
  { most, after, ...request }: GroupRequest & Part,
): Promise<{ readonly groups: readonly ListedGroupRecord[]; readonly total: number }> {
  const [severity = '', largest = '', key = ''] = after ?? [];
  const isBehind =
    after === undefined
      ? sql`true`
      : sql`(-max(severity), -sum(objects), key) > (-${severity}::int, -${largest}::int, ${key}::text)`;
  const { rows } = await sql<Omit<ListedGroupRecord, 'riskiest'> & Risky & { readonly total: number }>`
    select key, max(severity) as severity, sum(findings)::int as findings, sum(objects)::int as objects,
      array_agg(distinct cluster_id) as clusters,
      array[${sql.join(SEVERITIES.map((each) => sql`sum(${sql.ref(`count_${each}`)})`))}]::int[] as counts,
      coalesce(array_agg(distinct team) filter (where team <> ''), '{}') as owners, ${objects(sql`team = ''`)} as unowned,
      min(oldest) as oldest, sum(fixable)::int as fixable,
      ${objects(sql`environment = any(${[...PRODUCTION_ENVIRONMENTS]}::text[])`)} as production,
      ${objects(sql`environment = any(${[...TEST_ENVIRONMENTS]}::text[])`)} as test,
      ${objects(sql`criticality = 'crown-jewel'`)} as "crownJewels",
      ${objects(sql`criticality = 'non-critical'`)} as "nonCritical", min(example) as example,
      ${objects(sql`coalesce(environment, '') = ''`)} as "unknownEnvironment",
      ${objects(sql`coalesce(criticality, '') = ''`)} as "unknownCriticality", sum(exposed)::int as exposed,
      ${KEYS[by].isOfObject ? sql`min(name)` : sql`null`} as name,
      max(riskiest) as riskiest, ${objects(sql`riskiest is null`)} as "notRisky", (count(*) over ())::int as total
    from ${await parts(store, scope, by, request)} part
    group by key having ${isBehind}
    order by severity desc, objects desc, key ${most === undefined ? sql`` : sql`limit ${most}`}`.execute(
    store.db,
  );
  return {
    groups: rows.map(({ riskiest, notRisky, total: _total, ...row }) => ({
      ...row,
      riskiest: worstOf(riskiest, notRisky),
    })),
    total: rows[0]?.total ?? 0,
  };
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

/** What sums are asked for, undefined where the findings answer sooner. */
async function sumsFor(
  store: Store,
  scope: Scope,
  unit: Sums,
  request: GroupRequest,
): Promise<Asked | undefined> {
  const { asOf, since, without } = request;
  if (since !== undefined || (without !== undefined && unit !== PLACES)) return undefined;
  if (asOf !== undefined && (await haveMoved(store, scope, asOf))) return undefined;
  const ask = questionFor(unit, request);
  const mixed = ask?.isMixed;
  return mixed !== undefined && (await areMostMixed(store, scope, unit, mixed)) ? undefined : ask;
}

/** What groups are made of: rows that never share an object with another row of their group. */
async function parts(
  store: Store,
  scope: Scope,
  by: GroupKey,
  request: GroupRequest,
): Promise<RawBuilder<unknown>> {
  const grouping = KEYS[by];
  const { key } = grouping;
  const isOfControl = by === 'control' || by === 'owned control';
  const unit = isOfControl ? PLACES : OBJECTS;
  const { asOf, without } = request;
  const hasRisk = isOfControl && asOf === undefined;
  // What is left of findings is of few controls, whose places an index has in their order.
  const isOrdered = without !== undefined;
  // Sums tell where objects have to be told apart, of what is open now.
  const isTold = hasRisk && !isOrdered && openQuery(request.query) !== undefined;
  const partsOf = (found: RawBuilder<unknown>): RawBuilder<unknown> =>
    isTold ? partsOfControls(key, found) : partsOfFindings(grouping, found, { hasRisk, isOrdered });
  const ask = await sumsFor(store, scope, unit, request);
  const mixed = ask?.isMixed;
  // What sums of now do not tell: of the places of that, the findings answer.
  const apart = [
    ...(asOf === undefined ? [] : movedSince(asOf)),
    ...(isOfTriage(request.query) ? [TRIAGED] : []),
    ...(mixed === undefined ? [] : [sql`(select * from ${unit.table} t where ${mixed})`]),
    ...(without === undefined ? [] : [placesOfNamed(without)]),
  ];
  if (ask !== undefined && apart.length === 0) return unit.parts(scope, key, { ...ask, hasRisk });
  if (ask !== undefined) {
    const isApart = holdsAny(unit, apart);
    const condition = sql<boolean>`${ask.condition} and not ${isApart}`;
    return sql`(select * from ${unit.parts(scope, key, { ...ask, condition, hasRisk })} same
      union all select * from ${partsOf(leftOf(matching(scope, request, isApart), without))} other)`;
  }
  const clusters = await clustersOf(store, scope);
  const hint = await findingHint(
    store,
    scope,
    request,
    clusters.map(({ id }) => id),
  );
  const found = matching(scope, request, hint.condition);
  return partsOf(leftOf(found, without));
}

/** Who works on the findings of each group. */
async function assigneesOf(
  { db }: Store,
  scope: Scope,
  by: GroupKey,
  request: GroupRequest,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const triage = triageAt(request.asOf);
  const isAssigned = sql<boolean>`(t.cluster_id, t.fingerprint) in (
    select g.cluster_id, g.fingerprint from ${triage} g where g.assignee is not null)`;
  // Few are assigned, and none where nothing is: what is left out is not looked for then.
  const { rows } = await sql<{ key: string; assignees: string[] }>`
    with assigned as materialized (select * from ${matching(scope, request, isAssigned)} t)
    select ${KEYS[by].key} as key, array_agg(distinct g.assignee) as assignees
    from ${leftOf(sql`assigned`, request.without)} t
    join ${triage} g on g.cluster_id = t.cluster_id and g.fingerprint = t.fingerprint
    group by 1`.execute(db);
  return new Map(rows.map(({ key, assignees }) => [key, assignees]));
}
