import { namespaceOf } from '@bulwark/core';
import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { FindingKey } from '../write/decisions.ts';
import type { ObjectKey } from '../write/rows.ts';
import { findingSource } from './finding-columns.ts';

const MOST_FINDINGS = 50;

/** A finding about which somebody decided something. */
export interface DecidedFinding extends FindingKey {
  readonly control: string;
}

/** The findings that an object has at a moment, or now, about which people ever decided or said something; the worst first. */
export async function decidedFindings(
  { db }: Store,
  scope: Scope,
  { cluster, asOf, ...key }: ObjectKey & { readonly cluster: number; readonly asOf: Date | undefined },
): Promise<readonly DecidedFinding[]> {
  const isSame = (other: string) =>
    sql`${sql.ref(`${other}.cluster_id`)} = t.cluster_id and ${sql.ref(`${other}.fingerprint`)} = t.fingerprint`;
  const { rows } = await sql<DecidedFinding>`
    select t.cluster_id as cluster, replace(t.fingerprint::text, '-', '') as fingerprint, t.control from ${findingSource({ asOf })} t
    where ${inScope(scope)} and t.cluster_id = ${cluster} and t.kind = ${key.kind} and t.namespace = ${namespaceOf(key)} and t.name = ${key.name}
      and (t.exception is not null or t.requested is not null
        or exists (select from triage_event e where ${isSame('e')})
        or exists (select from comment c where ${isSame('c')})
        or exists (select from finding_past p where ${isSame('p')} and (p.exception is not null or p.requested is not null)))
    order by t.severity desc, t.control, t.fingerprint limit ${MOST_FINDINGS}`.execute(db);
  return rows;
}
