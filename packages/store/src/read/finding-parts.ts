import { type RawBuilder, sql } from 'kysely';
import { riskiest } from '../write/riskiest.ts';
import { counts, NO_NAME, NO_RISK } from './finding-sums.ts';

/** What findings are grouped by. */
export interface Grouping {
  /** Of a row `t`. */
  readonly key: RawBuilder<unknown>;
  /** Whether all findings of an object have the same, which then is made once for each object. */
  readonly isOfObject: boolean;
}

/** The risk of each workload. */
const EACH_RISK = sql`
  select cluster_id, namespace, name, kind, reach, ${sql.raw(riskiest('r'))} as riskiest from workload_risk r`;
/** `offset 0` keeps their texts from being made for every finding. */
const RISKS = sql`(${EACH_RISK} offset 0)`;
/** For few objects, each of which is looked up: the planner may take thousands for one, and go through all risks for each. */
const RISKS_OF_FEW = sql`(${EACH_RISK})`;

/** What tells the object of a finding `t` from all others. */
const OBJECT = sql`t.cluster_id, t.kind, t.namespace, t.name`;

/** How many findings of each severity there are among rows `t`. */
const COUNTED = counts((severity) => sql`(count(*) filter (where t.severity = ${sql.lit(severity)}))::int`);
/** The same of rows that have been counted once. */
const SUMMED = counts((severity) => sql`sum(${sql.ref(`count_${severity}`)})::int`);

/**
 * Beside what many findings are grouped by, so that they are hashed: the planner, which takes their objects for more than they are,
 * would rather sort them, and that costs more. An xid can be hashed alone.
 */
const HASHED = sql`'1'::xid`;

/**
 * The same rows as sums have, from findings. Cost: one pass over them, and a row for each object.
 *
 * @param isOrdered whether they are few, or an index has them in the order of their objects.
 */
export function partsOfFindings(
  { key, isOfObject }: Grouping,
  found: RawBuilder<unknown>,
  { hasRisk, isOrdered }: { readonly hasRisk: boolean; readonly isOrdered: boolean },
): RawBuilder<unknown> {
  // Not joined where it is not asked for, and then to objects, of which there are fewer.
  const risk = hasRisk
    ? sql`max(r.riskiest) as riskiest, count(*) filter (where r.reach = 'internet')::int as exposed`
    : NO_RISK;
  const join = hasRisk
    ? sql`left join ${isOrdered ? RISKS_OF_FEW : RISKS} r using (cluster_id, namespace, name, kind)`
    : sql``;
  const isRiskless = hasRisk ? sql`, r.riskiest is null` : sql``;
  const beside = isOfObject ? [] : [key];
  // Objects become few rows at once, so that what is sorted for the groups is little.
  return sql`(
    select ${isOfObject ? key : sql`t.beside`} as key, cluster_id, max(severity) as severity, sum(findings)::int as findings,
      count(*)::int as objects, ${SUMMED}, team, environment, criticality, min(oldest) as oldest,
      sum(fixable)::int as fixable, min(example) as example, ${isOfObject ? sql`min(name) as name` : NO_NAME}, ${risk}
    from (
      select ${sql.join([...beside.map((each) => sql`${each} as beside`), OBJECT])}, max(t.severity) as severity,
        count(*)::int as findings, ${COUNTED}, max(coalesce(t.team, '')) as team, max(t.environment) as environment,
        max(t.criticality) as criticality, min(t.first_seen) as oldest, (count(*) filter (where t.fixable))::int as fixable,
        min(t.message collate "C") as example
      from ${found} t group by ${sql.join([...beside, OBJECT, ...(isOrdered ? [] : [HASHED])])}
    ) t ${join} group by 1, cluster_id, team, environment, criticality${isRiskless})`;
}

/**
 * Places in which some object has more than one open finding of the control, as sums tell: in all others each finding is of an
 * object of its own. A control has one severity, and an object one owner.
 */
const CROWDED = sql`(
  select cluster_id, namespace, control from counter group by 1, 2, 3 having sum(open) > sum(objects))`;

/**
 * The same rows, of open findings of the present by a key that is of their control. Objects are told apart in crowded places alone:
 * elsewhere they are as many as findings, which become few rows at once. Cost: one pass, and a row for each object of a crowded place.
 */
export function partsOfControls(key: RawBuilder<unknown>, found: RawBuilder<unknown>): RawBuilder<unknown> {
  const ofObject = sql.join(
    ['kind', 'namespace', 'name'].map(
      (column) =>
        sql`case when c.control is not null then t.${sql.ref(column)} end as ${sql.ref(`of_${column}`)}`,
    ),
  );
  const objects = (condition: RawBuilder<unknown>) =>
    sql`(case when of_name is null then count(*) filter (where ${condition}) else bool_or(${condition})::int end)::int`;
  // `offset 0` lets the planner take them for fewer than it would.
  return sql`(
    select key, cluster_id, max(severity) as severity, sum(findings)::int as findings, sum(objects)::int as objects, ${SUMMED}, team,
      environment, criticality, min(oldest) as oldest, sum(fixable)::int as fixable, min(example) as example,
      ${NO_NAME}, max(riskiest) as riskiest, sum(exposed)::int as exposed
    from (
      select key, cluster_id, max(severity) as severity, count(*)::int as findings, ${objects(sql`true`)} as objects, ${COUNTED},
        team, environment, criticality, min(first_seen) as oldest, (count(*) filter (where fixable))::int as fixable,
        min(message collate "C") as example, max(riskiest) as riskiest, ${objects(sql`is_exposed`)} as exposed
      from (
        select ${key} as key, t.cluster_id, t.severity, t.fixable, t.first_seen, t.message, coalesce(t.team, '') as team,
          t.environment, t.criticality, ${ofObject}, r.riskiest, case when r.riskiest is null then 1 end as riskless,
          coalesce(r.reach = 'internet', false) as is_exposed
        from ${found} t left join ${CROWDED} c using (cluster_id, namespace, control)
        left join ${RISKS} r on (r.cluster_id, r.kind, r.namespace, r.name) = (${OBJECT})
        offset 0
      ) t group by key, cluster_id, of_kind, of_namespace, of_name, team, environment, criticality, riskless, ${HASHED}
    ) object group by key, cluster_id, team, environment, criticality, riskiest is null)`;
}
