import type { Query } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import type { Scope } from '../scope.ts';
import { inNamespaces } from '../scope.ts';
import { wordCondition } from '../search/words.ts';
import type { Store } from '../store.ts';
import { CLUSTER_COLUMN, frameworkColumn, PLACE_FIELDS, type Times } from './finding-columns.ts';
import { statesOf, withoutState } from './finding-state.ts';
import type { Hint, ListRequest } from './page.ts';
import { type QueryColumns, toSql } from './query-sql.ts';

/** Beyond this many findings, going through them in order finds a page sooner than collecting them all. */
const FEW = 50_000;
/** Beyond this many places, naming them costs more than it saves. */
const MOST_PLACES = 2000;
const WORST = 4;

const PLACE = new Set([...Object.keys(PLACE_FIELDS), 'cluster', 'framework']);

/** Whether a query is about places, which sums of findings know, and perhaps some other fields. */
export function isOfPlaces(query: Query, others: ReadonlySet<string> = new Set()): boolean {
  switch (query.op) {
    case 'and':
    case 'or':
      return query.items.every((item) => isOfPlaces(item, others));
    case 'not':
      return isOfPlaces(query.item, others);
    case 'field':
      return PLACE.has(query.field) || others.has(query.field);
    case 'text':
      return false;
  }
}

/** The sums of findings as a query asks for them. */
export function placeColumns(frameworks: ListRequest['frameworks']): QueryColumns {
  return {
    fields: {
      ...PLACE_FIELDS,
      framework: frameworkColumn(frameworks),
      cluster: CLUSTER_COLUMN,
    },
    texts: [],
  };
}

/** Whether findings can be mended by themselves. */
export type Fixable = 'fixable' | 'unfixable';

/** Which of the two a query asks for, if that is all that it asks. */
export function fixableOf(query: Query): Fixable | undefined {
  if (query.op === 'not') {
    const other = fixableOf(query.item);
    return other === undefined ? undefined : other === 'fixable' ? 'unfixable' : 'fixable';
  }
  const [value, ...more] = query.op === 'field' && query.field === 'fixable' ? query.values : [];
  if (value?.type !== 'boolean' || more.length > 0) return undefined;
  return value.value ? 'fixable' : 'unfixable';
}

/** A query for what is open, without what it says about states; undefined for one that asks for more than that. */
export function openQuery(query: Query): Query | undefined {
  const states = statesOf(query);
  return states.size === 1 && states.has('open') ? withoutState(query) : undefined;
}

/** What a hint is asked for. */
type Hinted = Times &
  Pick<ListRequest, 'query' | 'now' | 'frameworks'> & {
    /** How many of the worst are enough; undefined for all of them. */
    readonly worst?: number | undefined;
  };

/**
 * What the sums of findings and the index of words say about a query before it is asked of the findings: how many there are,
 * and where. The sums know what is open now; what was open at a moment is in their places, or has ended since.
 */
export async function findingHint(
  store: Store,
  scope: Scope,
  request: Hinted,
  clusters: readonly number[],
): Promise<Hint> {
  const words = await wordCondition(store, request.query, clusters);
  const query = openQuery(request.query);
  if (query === undefined) return { condition: words };
  const items = query.op === 'and' ? query.items : [query];
  const ofPlaces = items.filter((item) => isOfPlaces(item) || fixableOf(item) !== undefined);
  const isAll = ofPlaces.length === items.length;
  const isOfPast = request.asOf !== undefined;
  if (request.since !== undefined || (ofPlaces.length === 0 && (isOfPast || !isAll)))
    return { condition: words };
  const { total, places } = await placesOf(store, countersOf(scope, clusters, ofPlaces, request), {
    isEverywhere: items.length === 0,
    isOfPast,
    // Of what the sums do not know all, or more than there is, nobody can say where it ends.
    worst: isAll && !isOfPast ? request.worst : undefined,
  });
  const conditions = [words, places].filter((each) => each !== undefined);
  return {
    condition:
      conditions.length === 0 ? undefined : sql<boolean>`(${sql.join(conditions, sql.raw(' and '))})`,
    ...(((isAll && !isOfPast) || total === 0) && { total }),
  };
}

/** The sums that parts of a query ask for, each with its number `n`; of a moment with what has ended since, each for itself. */
function countersOf(
  scope: Scope,
  clusters: readonly number[],
  parts: readonly Query[],
  { now, frameworks, asOf }: Times & Pick<ListRequest, 'now' | 'frameworks'>,
): RawBuilder<unknown> {
  const asked = new Set(parts.flatMap((part) => fixableOf(part) ?? []));
  const measure = measureOf(asked);
  const query = { op: 'and', items: parts.filter((part) => fixableOf(part) === undefined) } as const;
  const isAsked = sql`t.cluster_id = any(${[...clusters]}::int[]) and ${inNamespaces(scope)}
    and ${toSql(query, placeColumns(frameworks), now)}`;
  const sums = sql`select t.namespace, t.control, t.severity, ${measure} as n from counter t where ${isAsked} and ${measure} > 0`;
  if (asOf === undefined) return sql`(${sums})`;
  return sql`(${sums} union all
    select t.namespace, t.control, t.severity, 1 from finding_past t
    where ${isAsked} and t.valid_to > ${asOf} and t.exception is null)`;
}

/** How many findings of a sum fit everything that is asked of them. */
function measureOf(asked: ReadonlySet<Fixable>): RawBuilder<unknown> {
  if (asked.size > 1) return sql`0`;
  if (asked.has('fixable')) return sql`t.fixable`;
  return asked.has('unfixable') ? sql`(t.open - t.fixable)` : sql`t.open`;
}

interface Places {
  readonly total: number;
  /** Where they are; undefined where that does not help. */
  readonly places: RawBuilder<boolean> | undefined;
}

interface PlacesAsked {
  readonly isEverywhere: boolean;
  readonly isOfPast: boolean;
  /** How many of the worst are enough. */
  readonly worst: number | undefined;
}

async function placesOf(
  { db }: Store,
  counters: RawBuilder<unknown>,
  { isEverywhere, isOfPast, worst }: PlacesAsked,
): Promise<Places> {
  if (isEverywhere) {
    const { rows } = await sql<{ total: number }>`
      select coalesce(sum(n), 0)::int as total from ${counters} c`.execute(db);
    return { total: rows[0]?.total ?? 0, places: undefined };
  }
  const { rows } = await sql<Found>`
    with counted as (
      select namespace, control, severity, sum(n) as n from ${counters} c group by 1, 2, 3
    ), place as (
      select namespace, control, min(severity) as least, max(severity) as most
      from counted where severity >= ${leastOf(worst)} group by 1, 2
    ), summed as (
      select (select coalesce(sum(n), 0)::int from counted) as total, count(*) as places, min(least) as least, max(most) as most
      from place
    )
    select total, least, most, namespaces, controls from summed left join lateral (
      select array_agg(namespace) as namespaces, array_agg(control) as controls from place
      where total <= ${FEW} and places <= ${MOST_PLACES}
    ) named on true`.execute(db);
  const [found] = rows;
  return {
    total: found?.total ?? 0,
    places: found === undefined ? undefined : placeCondition(found, isOfPast),
  };
}

/** The severity from which on there are enough of what was counted. */
function leastOf(worst: number | undefined): RawBuilder<unknown> {
  if (worst === undefined) return sql`0`;
  return sql`(select coalesce(max(severity), 0) from (
    select severity, sum(sum(n)) over (order by severity desc) as upto from counted group by severity) each where upto >= ${worst}::int)`;
}

interface Found {
  readonly total: number;
  readonly least: number;
  readonly most: number;
  readonly namespaces: readonly string[] | null;
  readonly controls: readonly string[] | null;
}

/** Between which severities they are, so that an order by severity begins where the first of them is; and where. */
function placeCondition(found: Found, isOfPast: boolean): RawBuilder<boolean> | undefined {
  const { total, least, most, namespaces, controls } = found;
  if (total === 0) return undefined;
  const conditions = [
    ...(least > 0 ? [sql`t.severity >= ${least}::int2`] : []),
    ...(most < WORST ? [sql`t.severity <= ${most}::int2`] : []),
    ...(namespaces === null || controls === null ? [] : [placedIn(namespaces, controls, isOfPast)]),
  ];
  return conditions.length === 0 ? undefined : sql<boolean>`(${sql.join(conditions, sql.raw(' and '))})`;
}

/**
 * Pairs of a namespace and a control. What has ended has no index of places, and would be gone through once for each pair: it is
 * asked for the one and the other, which may be of more places, as the query itself comes beside it.
 */
function placedIn(
  namespaces: readonly string[],
  controls: readonly string[],
  isOfPast: boolean,
): RawBuilder<unknown> {
  const anyOf = (texts: readonly string[]) => sql`any(${[...new Set(texts)]}::text[])`;
  return isOfPast
    ? sql`t.namespace = ${anyOf(namespaces)} and t.control = ${anyOf(controls)}`
    : sql`(t.namespace, t.control) in (select * from unnest(${[...namespaces]}::text[], ${[...controls]}::text[]))`;
}
