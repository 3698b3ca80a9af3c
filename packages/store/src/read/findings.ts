import type { Query } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { StoredDecision } from '../write/rows.ts';
import { type ListRequest, type Page, readPage } from './page.ts';
import type { QueryColumns } from './query-sql.ts';

export interface FindingRecord {
  readonly clusterId: number;
  readonly clusterName: string;
  readonly fingerprint: string;
  readonly control: string;
  readonly severity: number;
  readonly state: 'open' | 'excepted' | 'resolved';
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
  readonly container: string | null;
  readonly path: string;
  readonly message: string;
  readonly fixable: boolean;
  readonly exception: StoredDecision | null;
  readonly requested: StoredDecision | null;
  readonly team: string | null;
  readonly environment: string | null;
  readonly criticality: string | null;
  readonly firstSeen: Date;
  readonly since: Date;
  readonly resolvedAt: Date | null;
  readonly assignee: string | null;
  readonly acknowledged: boolean;
  readonly deferredUntil: Date | null;
}

/** Moments that narrow what is looked at. */
export interface Times {
  readonly asOf?: Date | undefined;
  readonly since?: Date | undefined;
}

const BASE = sql.raw(
  'cluster_id, fingerprint, control, severity, kind, api_version, namespace, name, container, path, message, fixable, exception, requested, team, environment, criticality, first_seen, valid_from, change_id',
);

/** Whether a query says something about a field. */
export function mentions(query: Query, field: string): boolean {
  switch (query.op) {
    case 'and':
    case 'or':
      return query.items.some((item) => mentions(item, field));
    case 'not':
      return mentions(query.item, field);
    case 'field':
      return query.field === field;
    case 'text':
      return false;
  }
}

/** Live findings; as of a moment with those of the past; with resolved ones where the query asks for a state. */
export function findingSource({ asOf, since }: Times, withResolved: boolean): RawBuilder<unknown> {
  const after = since === undefined ? sql`true` : sql`valid_from > ${since}`;
  if (asOf !== undefined)
    return sql`(
      select ${BASE}, null::timestamptz as valid_to from finding where valid_from <= ${asOf} and ${after}
      union all
      select ${BASE}, null::timestamptz from finding_past where valid_from <= ${asOf} and valid_to > ${asOf} and ${after})`;
  if (!withResolved) return sql`(select ${BASE}, null::timestamptz as valid_to from finding where ${after})`;
  return sql`(
    select ${BASE}, null::timestamptz as valid_to from finding where ${after}
    union all
    (select distinct on (cluster_id, fingerprint) ${BASE}, valid_to from finding_past p
     where is_resolved and ${after}
       and not exists (select from finding f where f.cluster_id = p.cluster_id and f.fingerprint = p.fingerprint)
     order by cluster_id, fingerprint, valid_to desc))`;
}

const STATE = sql`case when t.valid_to is not null then 'resolved' when t.exception is not null then 'excepted' else 'open' end`;
const TRIAGE = (column: string) =>
  sql`(select ${sql.ref(column)} from triage g where g.cluster_id = t.cluster_id and g.fingerprint = t.fingerprint)`;

/** What can be asked of findings; `controlsOf` gives the controls that a framework asks for. */
export function findingColumns(): QueryColumns {
  return {
    fields: {
      severity: { type: 'rank', sql: sql`t.severity` },
      control: { type: 'text', sql: sql`t.control` },
      cluster: { type: 'text', sql: sql`(select name from cluster c where c.id = t.cluster_id)` },
      namespace: { type: 'text', sql: sql`nullif(t.namespace, '')` },
      kind: { type: 'text', sql: sql`regexp_replace(t.kind, '^.*/', '')` },
      name: { type: 'text', sql: sql`t.name` },
      container: { type: 'text', sql: sql`t.container` },
      owner: { type: 'text', sql: sql`t.team` },
      environment: { type: 'text', sql: sql`t.environment` },
      criticality: {
        type: 'rank',
        sql: sql`array_position(array['non-critical', 'standard', 'crown-jewel'], t.criticality) - 1`,
      },
      fixable: { type: 'boolean', sql: sql`t.fixable` },
      state: { type: 'enum', sql: STATE },
      assignee: { type: 'text', sql: TRIAGE('assignee') },
      acknowledged: { type: 'boolean', sql: sql`coalesce(${TRIAGE('acknowledged')}, false)` },
      'deferred-until': { type: 'time', sql: TRIAGE('deferred_until') },
      'first-seen': { type: 'time', sql: sql`t.first_seen` },
      age: { type: 'age', sql: sql`t.first_seen` },
      path: { type: 'text', sql: sql`t.path` },
    },
    texts: ['message', 'path', 'control', 'namespace', 'name', 'container'].map(
      (column) => sql`t.${sql.ref(column)}`,
    ),
  };
}

const SELECT = sql`t.cluster_id as "clusterId", (select name from cluster c where c.id = t.cluster_id) as "clusterName",
  replace(t.fingerprint::text, '-', '') as fingerprint, t.control, t.severity, ${STATE} as state, t.kind,
  t.api_version as "apiVersion", t.namespace, t.name, t.container, t.path, t.message, t.fixable, t.exception, t.requested,
  t.team, t.environment, t.criticality, t.first_seen as "firstSeen", t.valid_from as since, t.valid_to as "resolvedAt",
  ${TRIAGE('assignee')} as assignee, coalesce(${TRIAGE('acknowledged')}, false) as acknowledged,
  ${TRIAGE('deferred_until')} as "deferredUntil"`;

const SORTS = {
  severity: { sql: sql`t.severity`, type: 'int8' },
  'first-seen': { sql: sql`t.first_seen`, type: 'timestamptz' },
  control: { sql: sql`t.control`, type: 'text' },
  namespace: { sql: sql`t.namespace`, type: 'text' },
  name: { sql: sql`t.name`, type: 'text' },
  owner: { sql: sql`coalesce(t.team, '')`, type: 'text' },
} as const;

/** The condition that says what is open where the query does not say which state it means. */
export function openUnlessAsked(query: Query): RawBuilder<boolean> {
  return mentions(query, 'state')
    ? sql<boolean>`true`
    : sql<boolean>`t.exception is null and t.valid_to is null`;
}

/** A page of findings: open ones, unless the query says which. */
export function listFindings(
  store: Store,
  scope: Scope,
  request: ListRequest & Times,
): Promise<Page<FindingRecord>> {
  return readPage<FindingRecord>(
    store,
    {
      source: findingSource(request, mentions(request.query, 'state')),
      columns: findingColumns(),
      sorts: SORTS,
      standard: '-severity',
      key: [sql`t.fingerprint`, sql`lpad(t.cluster_id::text, 10, '0')`],
      scope: sql<boolean>`${inScope(scope)} and ${openUnlessAsked(request.query)}`,
      select: SELECT,
    },
    request,
  );
}

/** One finding, live, as of a moment, or the last that was seen of it. */
export async function findFinding(
  { db }: Store,
  scope: Scope,
  {
    cluster,
    fingerprint,
    asOf,
  }: { readonly cluster: number; readonly fingerprint: string; readonly asOf?: Date | undefined },
): Promise<FindingRecord | undefined> {
  if (!/^[0-9a-f]{32}$/.test(fingerprint)) return undefined;
  const { rows } = await sql<FindingRecord>`
    select ${SELECT} from ${findingSource({ asOf }, true)} t
    where t.cluster_id = ${cluster} and t.fingerprint = ${fingerprint} and ${inScope(scope)} limit 1`.execute(
    db,
  );
  return rows[0];
}

export interface FindingInterval {
  readonly from: Date;
  readonly to: Date | null;
  readonly openedBy: { readonly change: number; readonly actor: unknown } | null;
  readonly resolvedBy: { readonly change: number; readonly actor: unknown } | null;
}

/** When a finding was open: its intervals, newest first. */
export async function findingHistory(
  { db }: Store,
  scope: Scope,
  cluster: number,
  fingerprint: string,
): Promise<readonly FindingInterval[]> {
  const actorOf = (change: string) =>
    sql`(select json_build_object('change', c.id, 'actor', c.actor) from change c where c.cluster_id = t.cluster_id and c.id = ${sql.ref(change)})`;
  const { rows } = await sql<FindingInterval & { isResolved: boolean }>`
    select t.valid_from as "from", t.valid_to as "to", ${actorOf('t.change_id')} as "openedBy", ${actorOf('t.resolved_by')} as "resolvedBy", t.is_resolved as "isResolved"
    from (
      select cluster_id, namespace, valid_from, null::timestamptz as valid_to, change_id, null::bigint as resolved_by, false as is_resolved
      from finding where cluster_id = ${cluster} and fingerprint = ${fingerprint}
      union all
      select cluster_id, namespace, valid_from, valid_to, change_id, resolved_by, is_resolved
      from finding_past where cluster_id = ${cluster} and fingerprint = ${fingerprint}
    ) t where ${inScope(scope)} order by t.valid_from`.execute(db);
  return joined(rows);
}

/** Versions that follow each other, as when an exception comes, are one interval. */
function joined(rows: readonly (FindingInterval & { isResolved: boolean })[]): FindingInterval[] {
  const result: (FindingInterval & { isResolved: boolean })[] = [];
  for (const row of rows) {
    const last = result.at(-1);
    if (last !== undefined && last.to !== null && !last.isResolved)
      result[result.length - 1] = { ...row, from: last.from, openedBy: last.openedBy };
    else result.push(row);
  }
  return result.reverse().map(({ from, to, openedBy, resolvedBy }) => ({ from, to, openedBy, resolvedBy }));
}
