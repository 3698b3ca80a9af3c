import { FINDING_FIELDS, matchesQuery, type Query, SEVERITIES as SEVERITY_NAMES } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import { inClusters, inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { type Fixable, fixableOf, isOfPlaces, openQuery, placeColumns } from './finding-hint.ts';
import { mentions } from './finding-state.ts';
import { isMixed, momentsOf, TIMES, type Times, timeColumns } from './finding-times.ts';
import { isNothing, ofUntriaged } from './finding-triage.ts';
import type { ListRequest } from './page.ts';
import { toSql } from './query-sql.ts';

/** By their numbers, info first. */
export const SEVERITIES = [0, 1, 2, 3, 4];

/** What sums are asked for. */
export interface Question {
  readonly condition: RawBuilder<boolean>;
  readonly severities: ReadonlySet<number>;
  /** Of which findings alone it is asked. */
  readonly which: Fixable | undefined;
  /** Whether it is asked which object is the riskiest; that is known of the present, and of controls. */
  readonly hasRisk: boolean;
}

/** A table of sums of the findings that are open now. */
export interface Sums {
  /** What a sum is of: columns of sums and findings alike. */
  readonly columns: readonly string[];
  /** Fields of a query for places of which it knows nothing, but for terms about severity alone. */
  readonly unknown: readonly string[];
  readonly table: RawBuilder<unknown>;
  /** When the first and the last of the findings of a row `t` was first seen. */
  readonly times: (asked: Pick<Question, 'severities' | 'which'>) => Times;
  /** How many findings of a row `t` are open, and how many of these can be mended by themselves. */
  readonly counts: (
    asked: Pick<Question, 'severities'>,
  ) => Readonly<Record<'open' | 'fixable', RawBuilder<unknown>>>;
  /** Rows of which groups are made. */
  readonly parts: (scope: Scope, key: RawBuilder<unknown>, question: Question) => RawBuilder<unknown>;
}

/** The column of what is not made of objects. */
export const NO_NAME = sql`null::text as name`;

/** The columns of what is known of no risk. */
export const NO_RISK = sql`null::text as riskiest, 0 as exposed`;

/** A column of sums, of all that is open, none of which is fixable where it is asked of the others, or of what is fixable. */
function column(name: string, which: Question['which']): RawBuilder<unknown> {
  return sql.ref(`t.${which === 'fixable' ? `fixable_${name}` : name}`);
}

/** Of the findings of a control in a namespace. */
export const PLACES: Sums = {
  columns: ['cluster_id', 'namespace', 'control'],
  unknown: [],
  table: sql`counter`,
  times: ({ which }) => ({ oldest: column('oldest', which), newest: column('newest', which) }),
  counts: () => ({ open: sql`t.open`, fixable: sql`t.fixable` }),
  parts: (scope, key, { condition, severities, hasRisk, which }) => {
    const of = (name: string) => column(name, which);
    const findings = which === 'fixable' ? sql`t.fixable` : sql`t.open`;
    return sql`(
    select ${key} as key, t.cluster_id, t.severity, ${findings} as findings, ${of('objects')} as objects, ${counts(
      (severity) => sql`case when t.severity = ${sql.lit(severity)} then ${findings} else 0 end`,
    )}, t.team, t.environment, t.criticality, ${of('oldest')} as oldest, t.fixable, ${of('example')} as example, ${NO_NAME},
      ${hasRisk ? sql`${of('riskiest')} as riskiest, ${of('exposed')} as exposed` : NO_RISK}
    from counter t where ${findings} > 0 and t.severity = any(${[...severities]}::int2[]) and ${inScope(scope)} and ${condition})`;
  },
};

/** What an array by severity, info first, has for each of some severities. */
function eachOf(array: RawBuilder<unknown>, severities: ReadonlySet<number>): RawBuilder<unknown>[] {
  return SEVERITIES.filter((severity) => severities.has(severity)).map((severity) =>
    elementOf(array, severity),
  );
}

function sumOf(array: RawBuilder<unknown>, severities: ReadonlySet<number>): RawBuilder<unknown> {
  return sql`(${sql.join(eachOf(array, severities), sql` + `)})`;
}

function elementOf(array: RawBuilder<unknown>, severity: number): RawBuilder<unknown> {
  return sql`${array}[${sql.lit(severity + 1)}]`;
}

/** Of the findings of an object. */
export const OBJECTS: Sums = {
  columns: ['cluster_id', 'namespace', 'kind', 'name'],
  unknown: ['severity', 'control', 'framework'],
  table: sql`object_counter`,
  times: ({ severities, which }) => ({
    oldest: sql`least(${sql.join(eachOf(column('oldest', which), severities))})`,
    newest: sql`greatest(${sql.join(eachOf(column('newest', which), severities))})`,
  }),
  counts: ({ severities }) => ({
    open: sumOf(sql`t.counts`, severities),
    fixable: sumOf(sql`t.fixable`, severities),
  }),
  parts: (scope, key, { condition, severities, which }) => {
    const open = which === 'fixable' ? sql`t.fixable` : sql`t.counts`;
    const sum = (array: RawBuilder<unknown>) => sumOf(array, severities);
    const least = (name: string) => sql`least(${sql.join(eachOf(column(name, which), severities))})`;
    const worst = SEVERITIES.filter((severity) => severities.has(severity))
      .toReversed()
      .map((severity) => sql`when ${elementOf(open, severity)} > 0 then ${sql.lit(severity)}`);
    return sql`(
      select ${key} as key, t.cluster_id, case ${sql.join(worst, sql` `)} end as severity, ${sum(open)} as findings,
        1 as objects, ${counts((severity) => (severities.has(severity) ? elementOf(open, severity) : sql`0`))},
        t.team, t.environment, t.criticality, ${least('oldest')} as oldest, ${sum(sql`t.fixable`)} as fixable,
        ${least('example')} as example, t.name, ${NO_RISK}
      from object_counter t where ${sum(open)} > 0 and ${inScope(scope)} and ${condition})`;
  },
};

/** A column for each severity. */
export function counts(of: (severity: number) => RawBuilder<unknown>): RawBuilder<unknown> {
  return sql.join(SEVERITIES.map((severity) => sql`${of(severity)} as ${sql.ref(`count_${severity}`)}`));
}

/** What a query asks of sums, and which rows do not tell enough for it. */
export interface Asked extends Omit<Question, 'hasRisk'> {
  readonly isMixed: RawBuilder<boolean> | undefined;
}

/** What a query asks of sums, undefined where they do not answer it. */
export function questionFor(
  unit: Sums,
  { query, now, frameworks }: Pick<ListRequest, 'query' | 'now' | 'frameworks'>,
): Asked | undefined {
  const asked = openQuery(query);
  const open = asked === undefined ? undefined : ofUntriaged(asked);
  if (open === undefined) return undefined;
  const items = open.op === 'and' ? open.items : [open];
  const rest: Query = {
    op: 'and',
    items: items.filter((item) => !isOfSeverity(item) && fixableOf(item) === undefined),
  };
  if (
    items.some(isNothing) ||
    !isOfPlaces(rest, TIMES) ||
    unit.unknown.some((field) => mentions(rest, field))
  )
    return undefined;
  const severities = severitiesOf({ op: 'and', items: items.filter(isOfSeverity) });
  const [which, other] = new Set(items.flatMap((item) => fixableOf(item) ?? []));
  if (severities.size === 0 || other !== undefined) return undefined;
  const question = { severities, which };
  const times = unit.times(question);
  const { fields } = placeColumns(frameworks);
  const condition = toSql(rest, { fields: { ...fields, ...timeColumns(times) }, texts: [] }, now);
  const { open: all, fixable } = unit.counts(question);
  const mixed = [
    isMixed(times, momentsOf(rest, now)),
    which === 'unfixable' ? sql<boolean>`(${fixable} > 0 and ${fixable} < ${all})` : undefined,
  ].filter((each) => each !== undefined);
  return {
    ...question,
    condition: which === 'unfixable' ? sql<boolean>`(${fixable} = 0 and ${condition})` : condition,
    isMixed: mixed.length === 0 ? undefined : sql<boolean>`(${sql.join(mixed, sql` or `)})`,
  };
}

function severitiesOf(query: Query): ReadonlySet<number> {
  return new Set(
    SEVERITIES.filter((severity) =>
      matchesQuery(
        query,
        { value: () => SEVERITY_NAMES.at(-1 - severity), texts: [] },
        { fields: FINDING_FIELDS, now: 0 },
      ),
    ),
  );
}

/** Whether a query asks for nothing but severities. */
function isOfSeverity(query: Query): boolean {
  switch (query.op) {
    case 'and':
    case 'or':
      return query.items.length > 0 && query.items.every(isOfSeverity);
    case 'not':
      return isOfSeverity(query.item);
    case 'field':
      return query.field === 'severity';
    case 'text':
      return false;
  }
}

/** Whether any finding of a row `t` is among some: relations with the columns of the sums. */
export function holdsAny({ columns }: Sums, found: readonly RawBuilder<unknown>[]): RawBuilder<boolean> {
  const of = (relation: string) => sql.join(columns.map((column) => sql.ref(`${relation}.${column}`)));
  const places = found.map((relation) => sql`select ${of('f')} from ${relation} f`);
  return sql<boolean>`exists (select from (${sql.join(places, sql` union `)}) m where (${of('m')}) = (${of('t')}))`;
}

/** Whether rows that do not tell enough hold most findings, so that sums save nothing. */
export async function areMostMixed(
  { db }: Store,
  scope: Scope,
  { table }: Sums,
  condition: RawBuilder<boolean>,
): Promise<boolean> {
  const { rows } = await sql<{ areMost: boolean }>`
    select coalesce(2 * sum(t.open) filter (where ${condition}) > sum(t.open), false) as "areMost"
    from ${table} t where ${inScope(scope)}`.execute(db);
  return rows[0]?.areMost ?? false;
}

/** The findings that came or went since a moment. */
export function movedSince(asOf: Date): readonly RawBuilder<unknown>[] {
  return [
    sql`(select * from finding where valid_from > ${asOf})`,
    sql`(select * from finding_past where valid_from <= ${asOf} and valid_to > ${asOf})`,
  ];
}

/** Of how many findings one has to have moved for nearly every place to hold one. */
const FEW_STAYED = 10;

/** Whether so many findings came since a moment that sums of now save nothing. */
export async function haveMoved({ db }: Store, scope: Scope, asOf: Date): Promise<boolean> {
  const enough = sql`(select coalesce(sum(t.open), 0) / ${FEW_STAYED}::int + 1 from counter t where ${inClusters(scope)})`;
  const { rows } = await sql<{ haveMoved: boolean }>`
    select count(*) >= ${enough} as "haveMoved" from (
      select from finding t where ${inClusters(scope)} and t.valid_from > ${asOf} limit ${enough}) came`.execute(
    db,
  );
  return rows[0]?.haveMoved ?? false;
}

/** The findings of which anything was decided in their triage: they are few. */
export const TRIAGED = sql`(select f.* from triage g join finding f on f.cluster_id = g.cluster_id and f.fingerprint = g.fingerprint)`;
