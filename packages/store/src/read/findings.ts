import { type RawBuilder, sql } from 'kysely';
import { inNamespaces, inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { Actor, StoredDecision } from '../write/rows.ts';
import { changeBy } from './change-by.ts';
import {
  findingColumns,
  findingSource,
  inStates,
  OWN_NAMESPACE,
  STATE,
  type Times,
} from './finding-columns.ts';
import { findingHint } from './finding-hint.ts';
import { EVERY_STATE, statesOf, withoutState } from './finding-state.ts';
import { folded } from './folded.ts';
import { OWNER } from './owner.ts';
import { type ListRequest, type OrderPart, type Page, readPage } from './page.ts';
import { triageAt } from './triage-at.ts';

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

/** What of a finding is read, now or as of a moment. */
export function findingSelect(asOf: Date | undefined): RawBuilder<unknown> {
  const triage = (column: string) =>
    sql`(select g.${sql.ref(column)} from ${triageAt(asOf)} g where g.cluster_id = t.cluster_id and g.fingerprint = t.fingerprint)`;
  return sql`t.cluster_id as "clusterId", (select name from cluster c where c.id = t.cluster_id) as "clusterName",
  replace(t.fingerprint::text, '-', '') as fingerprint, t.control, t.severity, ${STATE} as state, t.kind,
  t.api_version as "apiVersion", ${OWN_NAMESPACE} as namespace, t.name, t.container, t.path, t.message, t.fixable, t.exception, t.requested,
  t.team, t.environment, t.criticality, t.first_seen as "firstSeen", t.valid_from as since, t.valid_to as "resolvedAt",
  ${triage('assignee')} as assignee, coalesce(${triage('acknowledged')}, false) as acknowledged,
  ${triage('deferred_until')} as "deferredUntil"`;
}

const SEVERITY: OrderPart = { sql: sql`t.severity`, type: 'int2' };
const NAMESPACE: OrderPart = { sql: sql`t.namespace`, type: 'text' };
const LOWER_NAME: OrderPart = { sql: folded(sql`t.name`), type: 'text' };
/** By what findings can be sorted. */
export const FINDING_SORTS = {
  severity: [SEVERITY],
  'first-seen': [{ sql: sql`t.first_seen`, type: 'timestamptz' }],
  control: [{ sql: sql`t.control`, type: 'text' }, SEVERITY],
  namespace: [NAMESPACE, { sql: sql`t.name`, type: 'text' }, { sql: sql`t.kind`, type: 'text' }],
  name: [LOWER_NAME],
  owner: [{ sql: OWNER, type: 'text' }, SEVERITY],
} as const satisfies Readonly<Record<string, readonly OrderPart[]>>;

const STANDARD = '-severity';

/** A page of findings: open ones, unless the query says which. */
export async function listFindings(
  store: Store,
  scope: Scope,
  request: ListRequest & Times,
): Promise<Page<FindingRecord>> {
  const { sort = STANDARD, cursor, limit } = request;
  // Another page begins somewhere among them. One more than a page tells whether there is a next one.
  const isFirst = sort === STANDARD && cursor === undefined;
  const found = await findingsPage(store, scope, request, isFirst ? limit + 1 : undefined);
  // The worst may have been fewer when they were read than when they were counted: others come after them.
  const isShort = isFirst && found.page.next === null && found.page.items.length < (found.counted ?? 0);
  return isShort ? (await findingsPage(store, scope, request, undefined)).page : found.page;
}

/** @param worst how many of the worst are enough; undefined for all findings. */
async function findingsPage(
  store: Store,
  scope: Scope,
  request: ListRequest & Times,
  worst: number | undefined,
): Promise<{ readonly page: Page<FindingRecord>; readonly counted: number | undefined }> {
  const states = statesOf(request.query);
  const query = withoutState(request.query);
  let counted: number | undefined;
  const page = await readPage<FindingRecord>(
    store,
    scope,
    {
      source: findingSource(request, states),
      columns: findingColumns(request),
      sorts: FINDING_SORTS,
      standard: STANDARD,
      key: [{ sql: sql`t.fingerprint`, type: 'uuid' }],
      condition: sql<boolean>`${inNamespaces(scope)} and ${inStates(states)}`,
      select: findingSelect(request.asOf),
      hint: async (clusters) => {
        const hint = await findingHint(store, scope, { ...request, worst }, clusters);
        counted = hint.total;
        return hint;
      },
    },
    { ...request, query },
  );
  return { page, counted };
}

/**
 * One finding, now or as of a moment: as it is then, else the last that was seen of it until then. It is found by its former
 * fingerprint as well.
 */
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
    select ${findingSelect(asOf)} from ${findingSource({ asOf }, EVERY_STATE)} t
    where t.cluster_id = ${cluster} and ${inScope(scope)} and t.fingerprint = coalesce((
      select m.fingerprint from former_fingerprint m where m.cluster_id = ${cluster} and m.former = ${fingerprint}), ${fingerprint})
    order by t.valid_to desc nulls first limit 1`.execute(db);
  return rows[0];
}

export interface FindingInterval {
  readonly from: Date;
  readonly to: Date | null;
  readonly openedBy: { readonly change: number; readonly actor: Actor } | null;
  readonly resolvedBy: { readonly change: number; readonly actor: Actor } | null;
}

/** When a finding was open: its intervals, newest first. */
export async function findingHistory(
  { db }: Store,
  scope: Scope,
  cluster: number,
  fingerprint: string,
): Promise<readonly FindingInterval[]> {
  const { rows } = await sql<FindingInterval & { isResolved: boolean }>`
    select t.valid_from as "from", t.valid_to as "to", ${changeBy(scope, 't.change_id')} as "openedBy", ${changeBy(scope, 't.resolved_by')} as "resolvedBy", t.is_resolved as "isResolved"
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
