import type { Telling } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import type { Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { Times } from './finding-columns.ts';
import { findingHint } from './finding-hint.ts';
import { matching, ofControls } from './matching-findings.ts';
import { type NamedFindings, rowsOfNamed } from './named-findings.ts';
import { clustersOf, type ListRequest } from './page.ts';
import { spotOf, TELLS } from './telling.ts';
import { triageAt } from './triage-at.ts';

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

/** Tellings as rows. */
function rowsOf(tellings: readonly Telling[]): RawBuilder<unknown> {
  const column = (of: (telling: Telling) => string) => sql`${tellings.map(of)}::text[]`;
  return sql`unnest(${column(({ by }) => by)}, ${column(({ told }) => told)}, ${column(({ where }) => where)}) as r(by, told, reach)`;
}

/**
 * The open findings that a query finds and that others, which it finds as well, tell better, by the rule of a scan's report
 * (`groupFindings` of core): rows of `cluster_id`, `fingerprint`, `control` and `namespace`, and `by`, the controls that tell them.
 * Cost: one pass over the findings of the controls that tell or are told.
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
  // Those that tell are fewer than those that are told: `offset 0` keeps them together, so that they are what is looked up.
  return sql`(
    with open as materialized (
      select t.cluster_id, t.fingerprint, t.control, t.kind, t.api_version, t.namespace, t.name, t.container,
        ${sql.raw(spotOf('t.path'))} as spot
      from ${matching(scope, request, isOpen)} t
    )
    select t.cluster_id, t.fingerprint, t.control, min(t.namespace) as namespace, array_agg(distinct s.control) as by
    from (select f.*, r.told, r.reach from open f join ${rowsOf(tellings)} on r.by = f.control offset 0) s
    join open t on t.control = s.told and s.cluster_id = t.cluster_id and s.namespace = t.namespace and s.name = t.name
      and s.kind = t.kind and s.api_version = t.api_version and ${sql.raw(TELLS)}
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
      array_agg(distinct t.namespace) as namespaces,
      coalesce(array_agg(distinct g.assignee) filter (where g.assignee is not null), '{}') as assignees
    from ${await toldSource(store, scope, request, tellings)} t
    left join ${triageAt(request.asOf)} g on g.cluster_id = t.cluster_id and g.fingerprint = t.fingerprint
    where (t.cluster_id, t.fingerprint) not in (${rowsOfNamed(besides)})
    group by 1, 2, 3 order by 1, 2, 3`.execute(store.db);
  return {
    records: rows.map(({ control, by, findings, assignees }) => ({ control, by, findings, assignees })),
    findings: rows.map(({ cluster, control, namespaces, fingerprints }) => ({
      cluster,
      control,
      namespaces,
      fingerprints,
    })),
  };
}
