import type { Secret } from '@bulwark/core';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabases, testDatabases } from './shared-server.testing.ts';
import { unhurry } from './silent-connection.ts';
import { type SilentProxy, startSilentProxy } from './silent-proxy.testing.ts';
import { openStore, type Store } from './store.ts';
import { inTransaction } from './transaction.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const SILENT_MS = 1000;

describe('a connection that was forgotten on the way, without a word', () => {
  let databases: TestDatabases;
  let url: Secret<string>;
  let proxy: SilentProxy;
  let store: Store;

  beforeAll(async () => {
    databases = await testDatabases();
    url = await databases.database('forgotten');
    await (await openStore({ url, now: NOW })).close();
    proxy = await startSilentProxy(url);
    store = await openStore({ url: proxy.url, now: NOW, connections: 1, silentMs: SILENT_MS });
  }, 60_000);

  afterAll(async () => {
    await store?.close();
    await proxy?.stop();
    await databases?.drop();
  });

  const question = sql<{ one: number }>`select 1 as one`;

  it.each([
    { who: 'a question of SQL', ask: () => store.pool.query('select 1 as one') },
    { who: 'a question of the builder', ask: () => question.execute(store.db) },
    {
      who: 'a transaction',
      ask: () => inTransaction(store.pool, (client) => client.query('select 1 as one')),
    },
  ])('is broken off, and the next question has another: $who', async ({ ask }) => {
    await ask();
    proxy.forget();
    const began = Date.now();

    await expect(ask()).rejects.toMatchObject({ code: 'database-away' });
    expect(Date.now() - began).toBeLessThan(10 * SILENT_MS);
    expect((await ask()).rows).toEqual([{ one: 1 }]);
  });

  it('is not one on which work goes on that takes as long as there is to do, nor one that nobody asks', async () => {
    const slow = `select pg_sleep(${(1.5 * SILENT_MS) / 1000})`;
    const pid = async () => (await store.pool.query('select pg_backend_pid() as pid')).rows[0];
    const before = await pid();

    await inTransaction(store.pool, async (client) => {
      await unhurry(client, 'transaction');
      await client.query(slow);
    });
    await new Promise((resolve) => setTimeout(resolve, 1.5 * SILENT_MS));
    expect(await pid()).toEqual(before);
    await expect(store.pool.query(slow)).rejects.toMatchObject({ code: 'database-away' });
  });
});
