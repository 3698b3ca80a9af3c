import { namespaceOf, SEVERITIES } from '@bulwark/core';
import { ownNamespaceOf } from '../place.ts';
import type { Store } from '../store.ts';
import { type FindingRow, SEVERITY_NUMBERS } from '../write/rows.ts';
import { keptAsMade, keptDecision } from './kept-decision.ts';

type StoredFinding = Omit<FindingRow, 'severity' | Optional> & { severity: number } & {
  readonly [Name in Optional]: NonNullable<FindingRow[Name]> | null;
};
type Optional =
  | 'container'
  | 'causes'
  | 'exception'
  | 'requested'
  | 'asMade'
  | 'team'
  | 'environment'
  | 'criticality';

const SELECT = `select replace(fingerprint::text, '-', '') as fingerprint, replace(digest::text, '-', '') as digest, control, severity,
    kind, api_version as "apiVersion", ${ownNamespaceOf('f')} as namespace, name, container, path, message, causes, fixable,
    exception, requested, as_made as "asMade", team, environment, criticality
  from finding f where cluster_id = $1`;
const PLACE = 'f.namespace, f.name, f.kind, f.fingerprint';

/** The findings of a cluster as they are stored, of those that are named. */
export async function storedFindings(
  { pool }: Store,
  cluster: number,
  fingerprints: readonly string[],
): Promise<readonly FindingRow[]> {
  const { rows } = await pool.query<StoredFinding>(`${SELECT} and fingerprint = any($2::uuid[])`, [
    cluster,
    [...fingerprints],
  ]);
  return rows.map(toRow);
}

/**
 * The findings of a cluster as they are stored, a page of them, in the order of the places and names of their objects.
 *
 * @param after the last one of the page before; none for the first page.
 */
export async function storedFindingsAfter(
  { pool }: Store,
  cluster: number,
  { after, limit }: { readonly after: FindingRow | undefined; readonly limit: number },
): Promise<readonly FindingRow[]> {
  const further = after === undefined ? '' : ` and (${PLACE}) > ($3, $4, $5, $6::uuid)`;
  const { rows } = await pool.query<StoredFinding>(`${SELECT}${further} order by ${PLACE} limit $2`, [
    cluster,
    limit,
    ...(after === undefined ? [] : [namespaceOf(after), after.name, after.kind, after.fingerprint]),
  ]);
  return rows.map(toRow);
}

function toRow({
  severity,
  container,
  causes,
  exception,
  requested,
  asMade,
  ...row
}: StoredFinding): FindingRow {
  return {
    ...row,
    severity: SEVERITIES.find((each) => SEVERITY_NUMBERS[each] === severity) ?? 'info',
    container: container ?? undefined,
    ...(causes !== null && { causes }),
    exception: exception === null ? undefined : keptDecision(exception),
    requested: requested === null ? undefined : keptDecision(requested),
    ...(asMade !== null && { asMade: keptAsMade(asMade) }),
    team: row.team ?? undefined,
    environment: row.environment ?? undefined,
    criticality: row.criticality ?? undefined,
  };
}
