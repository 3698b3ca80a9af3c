import { FINDING_FIELDS, matchesQuery, type Query, SEVERITIES as SEVERITY_NAMES } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import { isRiskOf, riskiest } from '../write/riskiest.ts';
import { isOfPlaces, openQuery, placeColumns } from './finding-hint.ts';
import { mentions } from './finding-state.ts';
import { isNothing, ofUntriaged } from './finding-triage.ts';
import type { ListRequest } from './page.ts';
import { toSql } from './query-sql.ts';

/** By their numbers, info first. */
export const SEVERITIES = [0, 1, 2, 3, 4];

/** What sums are asked for. */
export interface Question {
  readonly condition: RawBuilder<boolean>;
  readonly severities: ReadonlySet<number>;
  /** Whether it is asked which object is the riskiest; that is known of the present, and of controls. */
  readonly hasRisk: boolean;
}

/** A table of sums of the findings that are open now. */
export interface Sums {
  /** What a sum is of: columns of sums and findings alike. */
  readonly columns: readonly string[];
  /** Fields of a query for places of which it knows nothing, but for terms about severity alone. */
  readonly unknown: readonly string[];
  /** Rows of which groups are made. */
  readonly parts: (scope: Scope, key: RawBuilder<unknown>, question: Question) => RawBuilder<unknown>;
}

const NO_RISK = sql`null::text as riskiest, 0 as exposed`;

/** Of the findings of a control in a namespace. */
export const PLACES: Sums = {
  columns: ['cluster_id', 'namespace', 'control'],
  unknown: [],
  parts: (scope, key, { condition, severities, hasRisk }) => sql`(
    select ${key} as key, t.severity, t.open as findings, t.objects, ${counts(
      (severity) => sql`case when t.severity = ${sql.lit(severity)} then t.open else 0 end`,
    )}, t.team, t.environment, t.criticality, t.oldest, t.fixable, t.example,
      ${hasRisk ? sql`t.riskiest, t.exposed` : NO_RISK}
    from counter t where t.open > 0 and t.severity = any(${[...severities]}::int2[]) and ${inScope(scope)} and ${condition})`,
};

/** Of the findings of an object. */
export const OBJECTS: Sums = {
  columns: ['cluster_id', 'namespace', 'kind', 'name'],
  unknown: ['severity', 'control', 'framework'],
  parts: (scope, key, { condition, severities }) => {
    const asked = SEVERITIES.filter((severity) => severities.has(severity));
    const at = (column: string, severity: number) => sql`t.${sql.ref(column)}[${sql.lit(severity + 1)}]`;
    const each = (column: string) => asked.map((severity) => at(column, severity));
    const worst = asked
      .toReversed()
      .map((severity) => sql`when ${at('counts', severity)} > 0 then ${sql.lit(severity)}`);
    return sql`(
      select ${key} as key, case ${sql.join(worst, sql` `)} end as severity, ${sql.join(each('counts'), sql` + `)} as findings,
        1 as objects, ${counts((severity) => (severities.has(severity) ? at('counts', severity) : sql`0`))},
        t.team, t.environment, t.criticality, least(${sql.join(each('oldest'))}) as oldest,
        ${sql.join(each('fixable'), sql` + `)} as fixable, least(${sql.join(each('example'))}) as example, ${NO_RISK}
      from object_counter t where ${sql.join(each('counts'), sql` + `)} > 0 and ${inScope(scope)} and ${condition})`;
  },
};

function counts(of: (severity: number) => RawBuilder<unknown>): RawBuilder<unknown> {
  return sql.join(SEVERITIES.map((severity) => sql`${of(severity)} as ${sql.ref(`count_${severity}`)}`));
}

/** The same rows as sums have, from findings. */
export function partsOfFindings(
  key: RawBuilder<unknown>,
  found: RawBuilder<unknown>,
  hasRisk: boolean,
): RawBuilder<unknown> {
  const summed = SEVERITIES.map(
    (severity) => sql`sum(${sql.ref(`count_${severity}`)})::int as ${sql.ref(`count_${severity}`)}`,
  );
  const each = counts((severity) => sql`count(*) filter (where t.severity = ${sql.lit(severity)})`);
  // Not joined where it is not asked for.
  const risk = hasRisk
    ? sql`max(${sql.raw(riskiest('t'))}) as riskiest, (count(*) filter (where r.reach = 'internet') > 0)::int as exposed`
    : NO_RISK;
  const join = hasRisk ? sql`left join workload_risk r on ${sql.raw(isRiskOf('t'))}` : sql``;
  // Objects become few rows at once, so that what is sorted for the groups is little.
  return sql`(
    select key, max(severity) as severity, sum(findings)::int as findings, count(*)::int as objects, ${sql.join(summed)},
      team, environment, criticality, min(oldest) as oldest, sum(fixable)::int as fixable, min(example) as example,
      max(riskiest) as riskiest, sum(exposed)::int as exposed
    from (
      select ${key} as key, max(t.severity) as severity, count(*) as findings, ${each},
        max(coalesce(t.team, '')) as team, max(t.environment) as environment, max(t.criticality) as criticality,
        min(t.first_seen) as oldest, count(*) filter (where t.fixable) as fixable, min(t.message) as example, ${risk}
      from ${found} t ${join} group by 1, t.cluster_id, t.kind, t.namespace, t.name
    ) object group by key, team, environment, criticality, riskiest is null)`;
}

/** What a query asks of sums, undefined where they do not answer it. */
export function questionFor(
  { unknown }: Sums,
  { query, now, frameworks }: Pick<ListRequest, 'query' | 'now' | 'frameworks'>,
): Omit<Question, 'hasRisk'> | undefined {
  const asked = openQuery(query);
  const open = asked === undefined ? undefined : ofUntriaged(asked);
  if (open === undefined || !isOfPlaces(open)) return undefined;
  const items = open.op === 'and' ? open.items : [open];
  if (items.some(isNothing)) return undefined;
  const rest: Query = { op: 'and', items: items.filter((item) => !isOfSeverity(item)) };
  const ofSeverity: Query = { op: 'and', items: items.filter(isOfSeverity) };
  if (unknown.some((field) => mentions(rest, field))) return undefined;
  const severities = SEVERITIES.filter((severity) =>
    matchesQuery(
      ofSeverity,
      { value: () => SEVERITY_NAMES.at(-1 - severity), texts: [] },
      { fields: FINDING_FIELDS, now: now.getTime() },
    ),
  );
  if (severities.length === 0) return undefined;
  return { condition: toSql(rest, placeColumns(frameworks), now), severities: new Set(severities) };
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

/** The findings that came or went since a moment. */
export function movedSince(asOf: Date): readonly RawBuilder<unknown>[] {
  return [
    sql`(select * from finding where valid_from > ${asOf})`,
    sql`(select * from finding_past where valid_from <= ${asOf} and valid_to > ${asOf})`,
  ];
}

/** The findings of which anything was decided in their triage: they are few. */
export const TRIAGED = sql`(select f.* from triage g join finding f on f.cluster_id = g.cluster_id and f.fingerprint = g.fingerprint)`;
