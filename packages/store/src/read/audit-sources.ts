import { sql } from 'kysely';
import { inClusters, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';

/** Where audit events of a cluster come from, and how well. */
export interface AuditSourceRecord {
  readonly clusterId: number;
  readonly clusterName: string;
  /** `webhook`, or `file:PATH`. */
  readonly source: string;
  readonly firstSeen: Date;
  readonly events: number;
  readonly unnamed: number;
  readonly malformed: number;
  readonly malformedReason: string | null;
  readonly malformedAt: Date | null;
  /** When the last event was done, by the clock of the API server. */
  readonly lastEvent: Date | null;
  readonly lastArrival: Date | null;
  /** How long after it was done the last event came, in milliseconds. */
  readonly lag: number | null;
  readonly fault: string | null;
}

/** The sources of audit events, by cluster. */
export async function listAuditSources({ db }: Store, scope: Scope): Promise<readonly AuditSourceRecord[]> {
  const { rows } = await sql<AuditSourceRecord>`
    select t.cluster_id as "clusterId", c.name as "clusterName", t.source, t.first_seen as "firstSeen", t.events, t.unnamed,
      t.malformed, t.malformed_reason as "malformedReason", t.malformed_at as "malformedAt", t.last_event as "lastEvent",
      t.last_arrival as "lastArrival", t.lag_ms as lag, t.fault
    from audit_source t join cluster c on c.id = t.cluster_id where ${inClusters(scope)} order by c.name, c.id, t.source`.execute(
    db,
  );
  return rows;
}

/** Up to where the file of a source was read, as its reader gave it; undefined where it was not. */
export async function auditPositionOf({ pool }: Store, cluster: number, source: string): Promise<unknown> {
  const { rows } = await pool.query<{ position: unknown }>(
    'select position from audit_source where cluster_id = $1 and source = $2',
    [cluster, source],
  );
  return rows[0]?.position ?? undefined;
}
