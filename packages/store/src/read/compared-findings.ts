import { type RawBuilder, sql } from 'kysely';
import { inNamespaces, inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { Span } from './compared-objects.ts';
import { findingColumns, type Times } from './finding-columns.ts';
import { findingHint } from './finding-hint.ts';
import { FINDING_SORTS, type FindingRecord, findingSelect } from './findings.ts';
import { type ListRequest, type Page, readPage } from './page.ts';

type Move = 'came' | 'went';

/** A finding that is open at one of two moments and not at the other. */
export interface ComparedFinding extends FindingRecord {
  readonly move: Move;
  /** What it was at the moment at which it was not open. */
  readonly otherwise: 'absent' | 'excepted';
}

const BASE = sql.raw(
  'cluster_id, fingerprint, control, severity, kind, api_version, namespace, name, container, path, message, fixable, exception, requested, team, environment, criticality, first_seen, valid_from, change_id',
);

/** As its index and statistics have it: whether a finding became another since it was first seen. */
const IS_CHANGED = sql`(valid_from > first_seen) is true`;

/**
 * Whether a finding `t` is open at a moment in another version: of live ones or of past ones. `offset 0` keeps it a look-up for
 * each finding that a page comes to: as a join it would be made of all findings before the first of them is known.
 */
function isOpen(at: Date, versions: 'live' | 'past'): RawBuilder<boolean> {
  const [table, reaches] =
    versions === 'live'
      ? ([sql`finding`, sql`true`] as const)
      : ([sql`finding_past`, sql`v.valid_to > ${at}`] as const);
  return sql<boolean>`exists (select from ${table} v where v.cluster_id = t.cluster_id and v.fingerprint = t.fingerprint
    and v.valid_from <= ${at} and ${reaches} and v.exception is null offset 0)`;
}

/**
 * What came and is there now: what was first seen within the span, of which no version is older, and what was there before and
 * became another within it, of which there is little. `offset 0` lets that be found by its own index, whatever the order.
 */
function cameLive({ from, to }: Span): RawBuilder<unknown>[] {
  const live = sql`select ${BASE}, null::timestamptz as valid_to, 'came' as move from finding t
    where valid_from > ${from} and valid_from <= ${to} and exception is null`;
  return [
    sql`(${live} and first_seen > ${from})`,
    sql`(${live} and ${IS_CHANGED} and first_seen <= ${from} and not ${isOpen(from, 'past')} offset 0)`,
  ];
}

/** What moved and has ended since. */
function movedPast({ from, to }: Span, move: Move | undefined): RawBuilder<unknown> {
  const came = sql`(valid_from > ${from} and valid_to > ${to} and not ${isOpen(from, 'past')})`;
  const went = sql`(valid_from <= ${from} and valid_to <= ${to} and not ${isOpen(to, 'live')} and not ${isOpen(to, 'past')})`;
  const conditions = [...(move === 'went' ? [] : [came]), ...(move === 'came' ? [] : [went])];
  return sql`(
    select ${BASE}, null::timestamptz as valid_to, case when valid_from > ${from} then 'came' else 'went' end as move
    from finding_past t
    where valid_from <= ${to} and valid_to > ${from} and exception is null and (${sql.join(conditions, sql` or `)}))`;
}

/** What a finding `t` was at the moment at which it was not open. Asked of a page alone. */
function otherwise({ from, to }: Span): RawBuilder<unknown> {
  const other = sql`case t.move when 'came' then ${from}::timestamptz else ${to}::timestamptz end`;
  const ofT = sql`v.cluster_id = t.cluster_id and v.fingerprint = t.fingerprint and v.valid_from <= ${other}`;
  return sql`case when exists (select from finding v where ${ofT})
    or exists (select from finding_past v where ${ofT} and v.valid_to > ${other}) then 'excepted' else 'absent' end`;
}

/**
 * A page of the findings that came and went between two moments.
 *
 * @param request `asOf` is the later moment, as of which triage is told, where that is not the present.
 */
export function compareFindings(
  store: Store,
  scope: Scope,
  span: Span,
  request: ListRequest & Pick<Times, 'asOf'> & { readonly move?: Move | undefined },
): Promise<Page<ComparedFinding>> {
  return readPage<ComparedFinding>(
    store,
    scope,
    {
      source: [...(request.move === 'went' ? [] : cameLive(span)), movedPast(span, request.move)],
      columns: findingColumns(request),
      sorts: FINDING_SORTS,
      standard: '-severity',
      key: [{ sql: sql`t.fingerprint`, type: 'uuid' }],
      condition: inNamespaces(scope),
      select: sql`${findingSelect(request.asOf)}, t.move, ${otherwise(span)} as otherwise`,
      // Whatever is open at either end is live now, or has ended since the first.
      hint: (clusters) => findingHint(store, scope, { ...request, asOf: span.from }, clusters),
    },
    request,
  );
}

/** How many findings came and went between two moments. */
export interface MoveCounts {
  readonly came: number;
  /** Of those that came: what was there before, under an exception. */
  readonly noLongerAccepted: number;
  readonly went: number;
  /** Of those that went: what is there still, under an exception. */
  readonly accepted: number;
}

/**
 * Counts what `compareFindings` lists, up to the present where there is no second moment. Cost: one pass over the versions that
 * began or ended between.
 */
export async function countMoves(
  { db }: Store,
  scope: Scope,
  { from, to }: Pick<Span, 'from'> & { readonly to: Date | undefined },
): Promise<MoveCounts> {
  const versions = (condition: RawBuilder<unknown>, table: 'finding' | 'finding_past') =>
    sql`select t.cluster_id, t.fingerprint, t.exception is null as is_open from ${sql.table(table)} t
      where ${condition} and ${inScope(scope)}`;
  const began = sql`t.valid_from > ${from}`;
  const after =
    to === undefined
      ? versions(began, 'finding')
      : sql`${versions(sql`${began} and t.valid_from <= ${to}`, 'finding')} union all
          ${versions(sql`${began} and t.valid_from <= ${to} and t.valid_to > ${to}`, 'finding_past')}`;
  const ended = sql`t.valid_from <= ${from} and t.valid_to > ${from} and ${to === undefined ? sql`true` : sql`t.valid_to <= ${to}`}`;
  const number = (condition: RawBuilder<unknown>) => sql`(count(*) filter (where ${condition}))::int`;
  // A version that reaches from the one moment to the other is in neither: it did not move.
  const { rows } = await sql<MoveCounts>`
    select ${number(sql`a.is_open and b.is_open is not true`)} as came,
      ${number(sql`a.is_open and b.is_open is false`)} as "noLongerAccepted",
      ${number(sql`b.is_open and a.is_open is not true`)} as went,
      ${number(sql`b.is_open and a.is_open is false`)} as accepted
    from (${versions(ended, 'finding_past')}) b full join (${after}) a using (cluster_id, fingerprint)`.execute(
    db,
  );
  return rows[0] ?? { came: 0, noLongerAccepted: 0, went: 0, accepted: 0 };
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
