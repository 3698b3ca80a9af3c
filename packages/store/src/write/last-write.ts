import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { mustHold } from '../lease.ts';
import type { Store } from '../store.ts';

/** Who writes of a cluster what is seen of it. */
export interface Writer {
  /** The session that has to hold the lease of the cluster; undefined where nobody else writes. */
  readonly session?: number | undefined;
  /** Undefined for who does not remember what is stored. */
  readonly link?: Link | undefined;
}

/** Joins a write to the one before, on which it builds. Both names are UUIDs. */
export interface Link {
  /** The one before, as `lastWriteOf` tells it. */
  readonly after: string;
  /** This one, however often it is tried: the answer to a try that was carried out may have been lost. */
  readonly name: string;
}

/**
 * Says that the database does not have what was written last, as where an asynchronous standby took over or a snapshot was put back:
 * what is remembered of it does not hold any more.
 */
export class WriteMissing extends Error {
  constructor() {
    super('what was written last is missing');
    this.name = 'WriteMissing';
  }
}

/**
 * The name of what was written last of a cluster. To be read before what is to be remembered: what is lost in between is missed then.
 *
 * @throws WriteMissing where the cluster itself is missing.
 */
export async function lastWriteOf({ pool }: Store, cluster: number): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(
    'select last_write as name from cluster where id = $1',
    [cluster],
  );
  const [row] = rows;
  if (row === undefined) throw new WriteMissing();
  return row.name;
}

// Where the clock says less, as it was ahead and was set right, it is the next millisecond: in the same moment, nothing that ends would
// have been there. The moments of a demonstration are those of its history, of which a part may be told again.
const BEGIN = `
update cluster set last_write = $2, written_at = case
  when $3::timestamptz is null then written_at
  when written_at > $3 then written_at + case when is_demo then interval '0' else interval '1 millisecond' end
  else $3 end
where id = $1 and ($4::uuid is null or last_write in ($2, $4)) returning written_at as at`;

/**
 * Begins to write of a cluster in a transaction: locks it, as a new holder of its lease does before it reads, and becomes its last write.
 *
 * @param at the moment of what is written; undefined for what is of none.
 * @returns the moment as of which it is written: never before the one that came last. Null where none came.
 * @throws LeaseLost where another hub may record the cluster by now, and WriteMissing; nothing is to be written then.
 */
export async function beginWrite(
  client: PoolClient,
  cluster: number,
  { session, link }: Writer,
  at?: Date,
): Promise<Date | null> {
  const values = [cluster, link?.name ?? randomUUID(), at ?? null, link?.after ?? null];
  const [row] = (await client.query<{ at: Date | null }>(BEGIN, values)).rows;
  await mustWrite(client, cluster, { session, link }, row !== undefined);
  return row?.at ?? null;
}

/** Refuses who may not write, and who does not remember what was written last. */
export async function mustWrite(
  client: Pick<Pool, 'query'>,
  cluster: number,
  { session, link }: Writer,
  isJoined: boolean,
): Promise<void> {
  // First, as who has the lease by now has written as well.
  if (session !== undefined) await mustHold(client, cluster, session);
  if (isJoined) return;
  throw link === undefined ? new Error(`there is no cluster ${cluster}`) : new WriteMissing();
}
