import type { Store } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import { isOfDatabase } from '../why-not-written.ts';
import { mustDiffer } from './names.ts';
import type { Limits } from './users.ts';

export interface TokenRecord {
  readonly id: number;
  readonly name: string;
  readonly role: string;
  readonly limits: Limits;
  readonly owner: string;
  readonly createdAt: Date;
  readonly expires: Date;
  readonly lastUsed: Date | null;
}

const TOKEN = 'id, name, role, limits, owner, created_at as "createdAt", expires, last_used as "lastUsed"';

export async function listTokens({ pool }: Store): Promise<readonly TokenRecord[]> {
  return (await pool.query<TokenRecord>(`select ${TOKEN} from token order by name, id`)).rows;
}

/**
 * Keeps a token. One of the same name may be there, as it is made anew before it ends.
 *
 * @throws AppError `conflict` where there is a token whose name differs in capitals alone.
 */
export async function createToken(
  { pool }: Store,
  token: Omit<TokenRecord, 'id' | 'lastUsed'> & { readonly hash: Buffer },
): Promise<TokenRecord> {
  const { hash, name, role, limits, owner, createdAt, expires } = token;
  const { rows } = await inTransaction(pool, async (client) => {
    await mustDiffer(client, name, { table: 'token', what: 'token' });
    return client.query<TokenRecord>(
      `insert into token (hash, name, role, limits, owner, created_at, expires) values ($1, $2, $3, $4, $5, $6, $7) returning ${TOKEN}`,
      [hash, name, role, JSON.stringify(limits), owner, createdAt, expires],
    );
  });
  const [made] = rows;
  if (made === undefined) throw new Error('a token was not made');
  return made;
}

export async function deleteToken({ pool }: Store, id: number): Promise<boolean> {
  return (await pool.query('delete from token where id = $1', [id])).rowCount === 1;
}

/** The token of a hash; that it was used is noted once a minute, where the database takes it. */
export async function useToken({ pool }: Store, hash: Buffer, now: Date): Promise<TokenRecord | undefined> {
  const { rows } = await pool.query<TokenRecord>(
    `select ${TOKEN} from token where hash = $1 and expires > $2`,
    [hash, now],
  );
  const [token] = rows;
  if (token !== undefined && (token.lastUsed === null || now.getTime() - token.lastUsed.getTime() > 60_000))
    await pool
      .query('update token set last_used = $2 where id = $1', [token.id, now])
      .catch((error: unknown) => {
        if (!isOfDatabase(error)) throw error;
      });
  return token;
}
