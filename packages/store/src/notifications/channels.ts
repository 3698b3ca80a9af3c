import { AppError } from '@bulwark/core';
import type { Store } from '../store.ts';

/** Where messages go. What is secret of it is in `secrets`, sealed by the hub with a key that the database does not have. */
export interface ChannelRecord {
  readonly id: number;
  readonly name: string;
  readonly type: 'webhook' | 'slack' | 'smtp';
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Buffer;
  readonly createdAt: Date;
  /** Null where it is not known. */
  readonly createdBy: string | null;
}

const CHANNEL = 'id, name, type, settings, secrets, created_at as "createdAt", created_by as "createdBy"';
const UNIQUE_VIOLATION = '23505';

export async function listChannels({ pool }: Store): Promise<readonly ChannelRecord[]> {
  return (await pool.query<ChannelRecord>(`select ${CHANNEL} from channel order by name`)).rows;
}

export async function findChannel({ pool }: Store, id: number): Promise<ChannelRecord | undefined> {
  return (await pool.query<ChannelRecord>(`select ${CHANNEL} from channel where id = $1`, [id])).rows[0];
}

/** @throws AppError `conflict` where there is a channel of that name. */
export async function createChannel(
  { pool }: Store,
  channel: Omit<ChannelRecord, 'id'>,
): Promise<ChannelRecord> {
  const { name, type, settings, secrets, createdAt, createdBy } = channel;
  const { rows } = await pool.query<ChannelRecord>(
    `insert into channel (name, type, settings, secrets, created_at, created_by) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing returning ${CHANNEL}`,
    [name, type, JSON.stringify(settings), secrets, createdAt, createdBy],
  );
  const [made] = rows;
  if (made === undefined) throw taken(name);
  return made;
}

/** @throws AppError `conflict` where another channel has that name, `not-found` where there is none of that id. */
export async function updateChannel(
  { pool }: Store,
  id: number,
  { name, settings, secrets }: Pick<ChannelRecord, 'name' | 'settings' | 'secrets'>,
): Promise<ChannelRecord> {
  try {
    const { rows } = await pool.query<ChannelRecord>(
      `update channel set name = $2, settings = $3, secrets = $4 where id = $1 returning ${CHANNEL}`,
      [id, name, JSON.stringify(settings), secrets],
    );
    const [changed] = rows;
    if (changed === undefined) throw new AppError('not-found');
    return changed;
  } catch (error) {
    throw (error as { code?: unknown }).code === UNIQUE_VIOLATION ? taken(name) : error;
  }
}

/** Removes a channel with its routes and everything that was to go there. */
export async function deleteChannel({ pool }: Store, id: number): Promise<boolean> {
  return (await pool.query('delete from channel where id = $1', [id])).rowCount === 1;
}

function taken(name: string): AppError {
  return new AppError('conflict', { detail: `There is a channel ${name} already.` });
}
