import { AppError } from '@bulwark/core';
import type pg from 'pg';

/** How long a server may say nothing that is asked something, in milliseconds: longer than it lets a statement take. */
const SILENT_MS = 75_000;

/** Those whose statements take as long as there is to do. */
const unhurried = new WeakSet<object>();

/**
 * Breaks off connections of a pool over which a question gets no answer for longer than the server lets a statement take. What lies
 * between may have forgotten them without a word, and whoever waits for the answer would wait for good.
 */
export function breakOffSilent(pool: pg.Pool, silentMs: number = SILENT_MS): void {
  pool.on('connect', (client) => watch(client, silentMs));
  pool.on('release', (_error, client) => unhurried.delete(client));
}

/**
 * Lets statements take as long as there is to do, as where a whole table is read: those of the transaction under way, or of the
 * session, which is not to be another's afterwards.
 */
export async function unhurry(client: pg.PoolClient, of: 'transaction' | 'session'): Promise<void> {
  unhurried.add(client);
  await client.query(`set ${of === 'transaction' ? 'local ' : ''}statement_timeout to 0`);
}

function watch(client: pg.PoolClient, silentMs: number): void {
  const { connection } = client as pg.PoolClient & Pick<pg.Client, 'connection'>;
  const ask = client.query.bind(client) as (...question: unknown[]) => unknown;
  let waiting = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    if (waiting > 0 && !unhurried.has(client))
      timer = setTimeout(() => connection.stream.destroy(new AppError('database-away')), silentMs);
  };
  const question = (...given: unknown[]): unknown => {
    waiting++;
    wait();
    return ask(...given);
  };
  client.query = question as typeof client.query;
  connection.on('readyForQuery', () => {
    waiting = Math.max(0, waiting - 1);
    wait();
  });
  connection.stream.once('close', () => clearTimeout(timer));
}
