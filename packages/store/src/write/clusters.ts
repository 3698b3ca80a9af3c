import type { Store } from '../store.ts';
import { storableJson } from './storable-json.ts';

export interface ClusterIdentity {
  /** UID of the namespace kube-system. */
  readonly uid: string;
  /** SHA-256 of the CA, hexadecimal. */
  readonly caHash: string;
  readonly name: string;
  readonly server: string;
  readonly version: string;
  readonly isDemo: boolean;
}

export type ClusterState = 'connecting' | 'syncing' | 'live' | 'stale' | 'gone';

/** The number of a cluster; one that was never seen gets one. A new cluster at an old address is another one. */
export async function registerCluster(
  { pool }: Store,
  identity: ClusterIdentity,
  now: Date,
): Promise<number> {
  const { uid, caHash, name, server, version, isDemo } = identity;
  const { rows } = await pool.query<{ id: number }>(
    `insert into cluster as c (uid, ca_hash, name, server, version, is_demo, first_seen) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (uid, ca_hash) do update set name = excluded.name, server = excluded.server, version = excluded.version
     returning id`,
    [uid, caHash, name, server, version, isDemo, now],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a cluster has no number');
  return row.id;
}

/** How much of a kind is seen, as the page shows it. */
export interface KindRecord {
  readonly kind: string;
  readonly state: 'pending' | 'listing' | 'live' | 'denied' | 'stale' | 'absent';
  readonly reason: string | null;
  readonly missingRule: string | null;
  readonly objects: number;
  readonly since: string;
}

/** Keeps the state of a cluster and of its kinds. */
export async function writeClusterState(
  { pool }: Store,
  cluster: number,
  {
    state,
    reason,
    lastSeen,
    kinds,
  }: {
    readonly state: ClusterState;
    readonly reason: string | null;
    readonly lastSeen: Date | null;
    readonly kinds: readonly KindRecord[];
  },
): Promise<void> {
  await pool.query(
    'update cluster set state = $2, reason = $3, last_seen = coalesce($4, last_seen), kinds = $5 where id = $1',
    [cluster, state, reason, lastSeen, storableJson(kinds)],
  );
}

export interface CoverageRecord {
  readonly code: string;
  readonly subject: string;
  readonly kind: 'lost' | 'note';
  readonly reason: string;
  readonly remedy: string | null;
}

/** Replaces the coverage of a cluster; what stays keeps its time. */
export async function writeCoverage(
  { pool }: Store,
  cluster: number,
  entries: readonly CoverageRecord[],
  now: Date,
): Promise<void> {
  await pool.query(
    `with incoming as (
      select distinct on (code, subject) * from json_to_recordset($2) as x(code text, subject text, kind text, reason text, remedy text)
    ), gone as (
      delete from coverage c where cluster_id = $1 and not exists (select from incoming i where i.code = c.code and i.subject = c.subject)
    )
    insert into coverage (cluster_id, code, subject, kind, reason, remedy, since)
    select $1, code, subject, kind, reason, remedy, $3 from incoming
    on conflict (cluster_id, code, subject) do update set kind = excluded.kind, reason = excluded.reason, remedy = excluded.remedy`,
    [cluster, storableJson(entries), now],
  );
}
