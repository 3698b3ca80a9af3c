import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { FindingKey } from '../write/decisions.ts';
import type { Actor, StoredDecision } from '../write/rows.ts';
import { changeBy } from './change-by.ts';

/** A change, and who made it. */
export interface ChangeBy {
  readonly change: number;
  readonly actor: Actor;
}

/** A finding as it was for some time. */
export interface FindingVersion {
  readonly from: Date;
  /** Null for the one that is. */
  readonly to: Date | null;
  readonly severity: number;
  readonly message: string;
  readonly exception: StoredDecision | null;
  readonly requested: StoredDecision | null;
  /** The change that it came with, where one is known. */
  readonly openedBy: ChangeBy | null;
  /** Whether it ended because nothing was wrong any more, rather than as another version. */
  readonly isResolved: boolean;
  readonly resolvedBy: ChangeBy | null;
}

/** All that a finding has been, oldest first. */
export async function findingVersions(
  { db }: Store,
  scope: Scope,
  { cluster, fingerprint }: FindingKey,
): Promise<readonly FindingVersion[]> {
  const { rows } = await sql<FindingVersion>`
    select t.valid_from as "from", t.valid_to as "to", t.severity, t.message, t.exception, t.requested,
      ${changeBy(scope, 't.change_id')} as "openedBy", t.is_resolved as "isResolved", ${changeBy(scope, 't.resolved_by')} as "resolvedBy"
    from (
      select cluster_id, namespace, severity, message, exception, requested, valid_from, null::timestamptz as valid_to, change_id,
        null::bigint as resolved_by, false as is_resolved
      from finding where cluster_id = ${cluster} and fingerprint = ${fingerprint}
      union all
      select cluster_id, namespace, severity, message, exception, requested, valid_from, valid_to, change_id, resolved_by, is_resolved
      from finding_past where cluster_id = ${cluster} and fingerprint = ${fingerprint}
    ) t where ${inScope(scope)} order by t.valid_from`.execute(db);
  return rows;
}
