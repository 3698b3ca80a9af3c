import type { Pool, PoolClient } from 'pg';

/** Does something in one transaction: all of it, or nothing. */
export async function inTransaction<T>(pool: Pool, act: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await act(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    // A connection that failed may be in any state.
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}
