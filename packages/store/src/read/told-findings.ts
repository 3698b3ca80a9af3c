import type { Telling } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import type { Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { Times } from './finding-columns.ts';
import { findingHint } from './finding-hint.ts';
import { matching, ofControls } from './matching-findings.ts';
import { type NamedFindings, rowsOfNamed } from './named-findings.ts';
import { clustersOf, type ListRequest } from './page.ts';

type Asked = Pick<ListRequest, 'query' | 'now' | 'frameworks'> & Times;

/** Findings of a control that others of the same objects tell better. */
export interface ToldRecord {
  readonly control: string;
  /** The controls of those that tell them. */
  readonly by: readonly string[];
  readonly findings: number;
  /** Who works on them. */
  readonly assignees: readonly string[];
}

const TEMPLATE = 'spec.template.';
const JOB_TEMPLATE = 'spec.jobTemplate.spec.template.';

/** The path of a finding as a pod has it, so that a live pod and the template of its owner agree. */
function placeOf(finding: 's' | 't'): RawBuilder<unknown> {
  const path = sql.ref(`${finding}.path`);
  const behind = (prefix: string) =>
    sql`when starts_with(${path}, ${sql.lit(prefix)}) then substr(${path}, ${sql.lit(prefix.length + 1)})`;
  return sql`case ${behind(TEMPLATE)} ${behind(JOB_TEMPLATE)} else ${path} end`;
}

/** Tellings as rows. */
function rowsOf(tellings: readonly Telling[]): RawBuilder<unknown> {
  const column = (of: (telling: Telling) => string) => sql`${tellings.map(of)}::text[]`;
  return sql`unnest(${column(({ by }) => by)}, ${column(({ told }) => told)}, ${column(({ where }) => where)}) as r(by, told, reach)`;
}

/** Whether a finding `s` tells `t`, of which its control tells others as far as `reach` says; each with its place. */
function tells(place: (finding: 's' | 't') => RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`(s.cluster_id = t.cluster_id and s.namespace = t.namespace and s.name = t.name
    and s.kind = t.kind and s.api_version = t.api_version
    and case reach when 'place' then s.container is not distinct from t.container and ${place('s')} = ${place('t')}
      else s.container is null or s.container = t.container end)`;
}

/** Whether no live finding tells one `t`, by a look at its object. */
export function isUntold(tellings: readonly Telling[]): RawBuilder<boolean> {
  return sql<boolean>`not exists (
    select from ${rowsOf(tellings)} join finding s on s.control = r.by
    where r.told = t.control and ${tells(placeOf)} and s.exception is null)`;
}

/**
 * The open findings that a query finds and that others, which it finds as well, tell better, by the rule of a scan's report
 * (`groupFindings` of core): rows of `cluster_id`, `fingerprint` and `control`, and `by`, the controls that tell them. Cost: one
 * pass over the findings of the controls that tell or are told.
 */
async function toldSource(
  store: Store,
  scope: Scope,
  asked: Asked,
  tellings: readonly Telling[],
): Promise<RawBuilder<unknown>> {
  const ids = new Set(tellings.flatMap(({ by, told }) => [by, told]));
  const request = { ...asked, query: ofControls(asked.query, [...ids]) };
  const clusters = await clustersOf(store, scope);
  const { condition = sql<boolean>`true` } = await findingHint(
    store,
    scope,
    request,
    clusters.map(({ id }) => id),
  );
  const isOpen = sql<boolean>`(t.exception is null and t.valid_to is null and ${condition})`;
  const place = (finding: 's' | 't') => sql.ref(`${finding}.place`);
  // Those that tell are fewer than those that are told: `offset 0` keeps them together, so that they are what is looked up.
  return sql`(
    with open as materialized (
      select t.cluster_id, t.fingerprint, t.control, t.kind, t.api_version, t.namespace, t.name, t.container,
        ${placeOf('t')} as place
      from ${matching(scope, request, isOpen)} t
    )
    select t.cluster_id, t.fingerprint, t.control, array_agg(distinct s.control) as by
    from (select f.*, r.told, r.reach from open f join ${rowsOf(tellings)} on r.by = f.control offset 0) s
    join open t on t.control = s.told and ${tells(place)}
    group by 1, 2, 3)`;
}

/**
 * What of the findings that a query finds others tell better, by control and by who tells it; and which findings those are.
 *
 * @param besides findings that are not counted, as they are told for another reason.
 */
export async function toldFindings(
  store: Store,
  scope: Scope,
  request: Asked,
  {
    tellings,
    besides,
  }: { readonly tellings: readonly Telling[]; readonly besides: readonly NamedFindings[] },
): Promise<{ readonly records: readonly ToldRecord[]; readonly findings: readonly NamedFindings[] }> {
  if (tellings.length === 0) return { records: [], findings: [] };
  const { rows } = await sql<ToldRecord & NamedFindings>`
    select t.control, t.by, t.cluster_id as cluster, count(*)::int as findings, string_agg(t.fingerprint::text, ',') as fingerprints,
      coalesce(array_agg(distinct g.assignee) filter (where g.assignee is not null), '{}') as assignees
    from ${await toldSource(store, scope, request, tellings)} t
    left join triage g on g.cluster_id = t.cluster_id and g.fingerprint = t.fingerprint
    where (t.cluster_id, t.fingerprint) not in (${rowsOfNamed(besides)})
    group by 1, 2, 3 order by 1, 2, 3`.execute(store.db);
  return {
    records: rows.map(({ control, by, findings, assignees }) => ({ control, by, findings, assignees })),
    findings: rows.map(({ cluster, fingerprints }) => ({ cluster, fingerprints })),
  };
}
