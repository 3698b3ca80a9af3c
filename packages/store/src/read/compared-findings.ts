import { type RawBuilder, sql } from 'kysely';
import { inNamespaces, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { Span } from './compared-objects.ts';
import { findingColumns } from './finding-columns.ts';
import { FINDING_SELECT, FINDING_SORTS, type FindingRecord } from './findings.ts';
import { type ListRequest, type Page, readPage } from './page.ts';

/** A finding that is open at one of two moments and not at the other. */
export interface ComparedFinding extends FindingRecord {
  readonly move: 'came' | 'went';
  /** What it was at the moment at which it was not open. */
  readonly otherwise: 'absent' | 'excepted';
}

const BASE = sql.raw(
  'cluster_id, fingerprint, control, severity, kind, api_version, namespace, name, container, path, message, fixable, exception, requested, team, environment, criticality, first_seen, valid_from, change_id',
);

/** All versions of findings, live and past. */
const VERSIONS = sql`(
  select ${BASE}, 'infinity'::timestamptz as until from finding union all select ${BASE}, valid_to from finding_past) v`;

/** Findings that are open as of one moment, in versions that do not reach to the other, and not open as of the other. */
function moved(move: string, open: Date, other: Date, version: RawBuilder<boolean>): RawBuilder<unknown> {
  return sql`
    select ${BASE}, null::timestamptz as valid_to, ${move}::text as move,
      coalesce((select 'excepted' from ${VERSIONS} where v.cluster_id = t.cluster_id and v.fingerprint = t.fingerprint
        and v.valid_from <= ${other} and v.until > ${other} limit 1), 'absent') as otherwise
    from (select * from ${VERSIONS} where valid_from <= ${open} and until > ${open} and exception is null and ${version}) t
    where not exists (select from ${VERSIONS} where v.cluster_id = t.cluster_id and v.fingerprint = t.fingerprint
      and v.valid_from <= ${other} and v.until > ${other} and v.exception is null)`;
}

/** A page of the findings that came and went between two moments. */
export function compareFindings(
  store: Store,
  scope: Scope,
  { from, to }: Span,
  request: ListRequest & { readonly move?: 'came' | 'went' | undefined },
): Promise<Page<ComparedFinding>> {
  const came = moved('came', to, from, sql<boolean>`valid_from > ${from}`);
  const went = moved('went', from, to, sql<boolean>`until <= ${to}`);
  const { move } = request;
  const source = move === 'came' ? came : move === 'went' ? went : sql`${came} union all ${went}`;
  return readPage<ComparedFinding>(
    store,
    scope,
    {
      source: sql`(${source})`,
      columns: findingColumns(request.frameworks),
      sorts: FINDING_SORTS,
      standard: '-severity',
      key: [{ sql: sql`t.fingerprint`, type: 'uuid' }],
      condition: inNamespaces(scope),
      select: sql`${FINDING_SELECT}, t.move, t.otherwise`,
    },
    request,
  );
}

/** What a change did to findings. */
export interface FindingOfChange {
  readonly fingerprint: string;
  readonly control: string;
  readonly severity: number;
  readonly message: string;
  readonly verb: 'opened' | 'resolved';
}

/** The findings that a change opened and resolved, the worst first. */
export async function findingsOfChange(
  { db }: Store,
  scope: Scope,
  { cluster, id }: { readonly cluster: number; readonly id: number },
): Promise<readonly FindingOfChange[]> {
  const columns = sql`replace(t.fingerprint::text, '-', '') as fingerprint, t.control, t.severity, t.message`;
  const seen = sql`t.cluster_id = ${cluster} and ${inNamespaces(scope)}`;
  const first = sql`not exists (select from finding_past p where p.cluster_id = t.cluster_id and p.fingerprint = t.fingerprint
    and p.valid_to = t.valid_from and not p.is_resolved)`;
  const { rows } = await sql<FindingOfChange>`
    select ${columns}, 'opened' as verb from finding t where ${seen} and t.change_id = ${id} and ${first}
    union all
    select ${columns}, 'opened' from finding_past t where ${seen} and t.change_id = ${id} and ${first}
    union all
    select ${columns}, 'resolved' from finding_past t where ${seen} and t.resolved_by = ${id}
    order by severity desc, control, fingerprint limit 500`.execute(db);
  return rows;
}
