import { ownNamespaceOf } from '../place.ts';
import type { Store } from '../store.ts';
import type { FindingRow, ObjectKey, StoredDecision } from '../write/rows.ts';
import { isBare } from '../write/seen-in-pods.ts';
import { keptAsMade, keptDecision } from './kept-decision.ts';

/** What a start takes of a stored object. */
export interface LiveResource extends ObjectKey {
  readonly digest: string;
  /** Whether it is known from its pods alone, and in no list of the cluster. */
  readonly isBare?: boolean;
}

/** What is stored of the objects of a cluster, to be compared with what is seen after a start. */
export async function liveResources({ pool }: Store, cluster: number): Promise<readonly LiveResource[]> {
  const { rows } = await pool.query<LiveResource>(
    `select kind, namespace, name, replace(digest::text, '-', '') as digest, ${isBare('r')} as "isBare"
     from resource r where cluster_id = $1`,
    [cluster],
  );
  return rows;
}

/**
 * Which kinds of a cluster were seen when it was last judged, or are not served, and when anything of it was seen last: null where
 * that never was. What a start has told since that was not judged says nothing of before.
 */
export async function seenBefore(
  { pool }: Store,
  cluster: number,
): Promise<{ readonly kinds: readonly string[]; readonly lastSeen: Date | null }> {
  const { rows } = await pool.query<{ kinds: string[]; lastSeen: Date | null }>(
    `select last_seen as "lastSeen", array(
       select s.kind from seen_kind s where s.cluster_id = c.id and s.seen_until is null
       union select r.kind from resource r where r.cluster_id = c.id and not ${isBare('r')}) as kinds
     from cluster c where id = $1`,
    [cluster],
  );
  return rows[0] ?? { kinds: [], lastSeen: null };
}

/** What a start takes of a stored finding. */
export interface LiveFinding extends ObjectKey, Pick<FindingRow, 'fingerprint' | 'digest'> {
  readonly exception: StoredDecision | null;
  readonly asMade: NonNullable<FindingRow['asMade']> | null;
}

/** What is stored of the findings of a cluster, with the object that each is about and what accepts it. */
export async function liveFindings({ pool }: Store, cluster: number): Promise<readonly LiveFinding[]> {
  const { rows } = await pool.query<LiveFinding>(
    `select replace(fingerprint::text, '-', '') as fingerprint, kind, ${ownNamespaceOf('f')} as namespace, name,
       replace(digest::text, '-', '') as digest, exception, as_made as "asMade"
     from finding f where cluster_id = $1`,
    [cluster],
  );
  return rows.map((row) =>
    row.exception === null && row.asMade === null
      ? row
      : {
          ...row,
          exception: row.exception && keptDecision(row.exception),
          asMade: row.asMade && keptAsMade(row.asMade),
        },
  );
}

/** What is stored of the risks of a cluster. */
export async function liveRisks(
  { pool }: Store,
  cluster: number,
): Promise<readonly (ObjectKey & { readonly digest: string })[]> {
  const { rows } = await pool.query<ObjectKey & { digest: string }>(
    `select kind, namespace, name, replace(digest::text, '-', '') as digest from workload_risk where cluster_id = $1`,
    [cluster],
  );
  return rows;
}
