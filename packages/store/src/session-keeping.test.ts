import { Socket } from 'node:net';
import type { Secret } from '@bulwark/core';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOUSE, holdLease, type Lease, type LeaseState } from './lease.ts';
import { listen } from './listen.ts';
import { hasPooler, type Pooler, type PoolerOptions, startPooler } from './pooler.testing.ts';
import { poolOf, startTestServer, type TestServer } from './server.testing.ts';
import { keepsSession } from './session-keeping.ts';
import { openStore } from './store.ts';
import { announce } from './write/announce.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const WITHIN_MS = 60_000;
const REFUSED = {
  code: 'conflict',
  details: { detail: expect.stringContaining('pool_mode = session') },
};

const LOCKS = `select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;

describe.runIf(hasPooler)('a pooler before the database (needs pgbouncer)', () => {
  let server: TestServer;
  let database: Secret<string>;
  let count = 0;
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    server = await startTestServer();
  }, WITHIN_MS);

  beforeEach(async () => {
    count++;
    database = await server.database(`pooled_${count}`);
  });

  afterEach(async () => {
    for (const each of undo.splice(0).reverse()) await each();
  });

  afterAll(() => server?.stop());

  async function pooler(options: Omit<PoolerOptions, 'database'>): Promise<Pooler> {
    const started = await startPooler({ ...options, database });
    undo.push(() => started.stop());
    return started;
  }

  function ask(url: Secret<string>): { readonly lease: Lease; readonly told: LeaseState[] } {
    const told: LeaseState[] = [];
    const lease = holdLease(url, { duty: HOUSE, everyMs: 30, onChange: (state) => told.push(state) });
    undo.push(() => lease.release());
    return { lease, told };
  }

  it.each<{ readonly name: string } & Omit<PoolerOptions, 'database'>>([
    { name: 'each transaction', mode: 'transaction' },
    { name: 'each transaction, in turn', mode: 'transaction', settings: { server_round_robin: 1 } },
    { name: 'each transaction, of one in all', mode: 'transaction', settings: { default_pool_size: 1 } },
    {
      name: 'each transaction, of two in turn',
      mode: 'transaction',
      settings: { server_round_robin: 1, default_pool_size: 2 },
    },
    { name: 'each statement', mode: 'statement' },
  ])('that gives $name a session is refused at the start, and leaves nothing behind', async (options) => {
    const { url } = await pooler(options);

    for (const _time of ['first', 'second'])
      await expect(openStore({ url, now: NOW })).rejects.toMatchObject(REFUSED);

    const pool = poolOf(database);
    undo.push(() => pool.end());
    expect((await pool.query(LOCKS)).rowCount).toBe(0);
    expect((await pool.query(`select to_regclass('migration') as made`)).rows).toEqual([{ made: null }]);
  });

  it(
    'that gives each transaction a session is found out also while others use it',
    async () => {
      const { url } = await pooler({ mode: 'transaction', settings: { default_pool_size: 4 } });
      const pool = new pg.Pool({ connectionString: url.reveal(), max: 6 });
      pool.on('error', () => undefined);
      let isOver = false;
      const others = Array.from({ length: 6 }, async () => {
        while (!isOver) await pool.query('select pg_sleep(random() * 0.003)');
      });
      undo.push(async () => {
        isOver = true;
        await Promise.all(others);
        await pool.end();
      });
      const connect = (): pg.Client => new pg.Client({ connectionString: url.reveal() });

      for (let time = 0; time < 20; time++) {
        const client = connect();
        await client.connect();
        expect(await keepsSession(client, connect)).toBe(false);
        await client.end();
      }
    },
    WITHIN_MS,
  );

  it('that gives each transaction a session lets nobody have a lease, which says why', async () => {
    const { url } = await pooler({ mode: 'transaction' });

    const { lease } = ask(url);

    await expect
      .poll(() => lease.state)
      .toEqual({ kind: 'unknown', reason: expect.stringContaining('pooler') });
  });

  it('that is told to keep sessions no more takes a lease from its holder', async () => {
    const { url, setMode } = await pooler({ mode: 'session' });
    const { lease, told } = ask(url);
    await expect.poll(() => lease.state.kind).toBe('held');

    setMode('transaction');
    const others = poolOf(url);
    undo.push(() => others.end());

    await expect
      .poll(async () => {
        await others.query('select pg_sleep(0.1)');
        return told.map(({ kind }) => kind);
      })
      .toEqual(['held', 'unknown']);
  });

  it(
    'that keeps sessions serves a hub: what is said is heard, and a lease goes from one to the next',
    async () => {
      const { url } = await pooler({ mode: 'session' });
      const store = await openStore({ url, now: NOW });
      undo.push(() => store.close());
      const heard: unknown[] = [];
      const listening = listen(
        url,
        (notice) => heard.push(notice),
        () => undefined,
      );
      undo.push(() => listening.stop());
      const first = ask(url);
      await expect.poll(() => first.lease.state.kind).toBe('held');
      const second = ask(url);
      await expect.poll(() => second.lease.state.kind).toBe('taken');

      await first.lease.release();
      await expect.poll(() => second.lease.state.kind).toBe('held');
      const notice = { clusters: 'all', namespaces: 'all', topics: ['findings'] } as const;
      await expect
        .poll(async () => {
          await announce(store.pool, notice);
          return heard[0];
        })
        .toEqual(notice);
      await second.lease.release();
      const pool = poolOf(database);
      undo.push(() => pool.end());
      await expect.poll(async () => (await pool.query(LOCKS)).rowCount).toBe(0);
    },
    WITHIN_MS,
  );

  it(
    'that keeps sessions gives the lease of a hub that was killed to the next one',
    async () => {
      const { url } = await pooler({ mode: 'session' });
      const socket = new Socket();
      const killed = new pg.Client({ connectionString: url.reveal(), stream: () => socket });
      killed.on('error', () => undefined);
      await killed.connect();
      await killed.query('select pg_advisory_lock($1, $2)', [0x62_75_6c_77, HOUSE]);
      const { lease } = ask(url);
      await expect.poll(() => lease.state.kind).toBe('taken');

      // Nobody takes leave: the system closes what a dead process had open.
      socket.destroy();

      await expect.poll(() => lease.state.kind).toBe('held');
    },
    WITHIN_MS,
  );
});

describe('a database without a pooler', () => {
  it(
    'keeps sessions',
    async () => {
      const server = await startTestServer();
      const url = (await server.database('plain')).reveal();
      const connect = (): pg.Client => new pg.Client({ connectionString: url });
      const client = connect();
      await client.connect();

      expect(await keepsSession(client, connect)).toBe(true);

      await client.end();
      await server.stop();
    },
    WITHIN_MS,
  );
});
