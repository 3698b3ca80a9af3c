import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Secret } from '@bulwark/core';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOUSE, holdLease, isLeased, type Lease, LeaseLost, type LeaseState } from './lease.ts';
import { type TestDatabases, testDatabases } from './shared-server.testing.ts';
import { openStore, type Store } from './store.ts';
import { applyBatch } from './write/apply.ts';
import { markClusterAway, registerCluster } from './write/clusters.ts';
import { type Sight, writeSight } from './write/sight.ts';

const EVERY_MS = 30;
const WITHIN_MS = 60_000;
const NOW = new Date('2026-11-26T10:00:00Z');

/** Waits for what is bound to come. */
async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + WITHIN_MS;
  while (!(await is())) {
    if (Date.now() > end) throw new Error(`not within ${WITHIN_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('the lease of a duty', () => {
  let databases: TestDatabases;
  let url: Secret<string>;
  let store: Store;
  let count = 0;
  const leases: Lease[] = [];

  beforeAll(async () => {
    databases = await testDatabases();
  }, WITHIN_MS);

  beforeEach(async () => {
    count++;
    url = await databases.database(`lease_${count}`);
    store = await openStore({ url, now: NOW });
  });

  afterEach(async () => {
    await Promise.all(leases.splice(0).map((lease) => lease.release()));
    await store.close();
  });

  afterAll(() => databases.drop());

  /** Asks for it, and notes what is told. */
  function ask({ duty = HOUSE, everyMs = EVERY_MS } = {}) {
    const told: LeaseState[] = [];
    const lease = holdLease(url, { duty, onChange: (state) => told.push(state), everyMs });
    leases.push(lease);
    return { told, lease, kinds: () => told.map(({ kind }) => kind) };
  }

  /** Ends the session of the holder from outside, as a broken network does. */
  async function cut(): Promise<void> {
    await store.pool.query(`select pg_terminate_backend(pid) from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and granted and datname = current_database()`);
  }

  function sessionOf({ lease }: { readonly lease: Lease }): number {
    return lease.state.kind === 'held' ? lease.state.session : 0;
  }

  it('is asked for again once a file that the address names can be read', async () => {
    const authority = join(mkdtempSync(join(tmpdir(), 'bulwark-lease-')), 'ca.crt');
    url = new Secret(`${url.reveal()}?sslmode=disable&sslrootcert=${authority}`);
    const asking = ask();
    await new Promise((resolve) => setImmediate(resolve));
    writeFileSync(authority, '');

    await until(() => asking.lease.state.kind === 'held');
    rmSync(dirname(authority), { recursive: true });
  });

  it('is held by one, and by the next when that one gives it back', async () => {
    const first = ask();
    await until(() => first.lease.state.kind === 'held');
    const second = ask();
    await until(() => second.told.length === 1);

    expect(second.told[0]).toEqual({
      kind: 'taken',
      holder: expect.stringMatching(new RegExp(`^\\S+ ${process.pid}$`)),
      isOwn: true,
    });

    await first.lease.release();
    await until(() => second.told.length === 2);
    expect(second.kinds()).toEqual(['taken', 'held']);
    expect(first.kinds()).toEqual(['held']);
  });

  /** What the holder calls itself: its process, and a mark of that which all its threads have. */
  async function nameOfHolder(): Promise<string> {
    const { rows } = await store.pool.query<{ name: string }>(
      `select application_name as name from pg_stat_activity join pg_locks using (pid)
        where locktype = 'advisory' and datname = current_database()`,
    );
    return rows[0]?.name ?? '';
  }

  it('has a holder with the mark of its process, which threads inherit', async () => {
    const holder = ask();
    await until(() => sessionOf(holder) > 0);
    const thread = new Worker(
      `const { getEnvironmentData, parentPort } = require('node:worker_threads');
       parentPort.postMessage(getEnvironmentData('bulwark-lease '));`,
      { eval: true },
    );
    const [mark] = await once(thread, 'message');

    expect(mark).toMatch(/^\w+$/);
    expect(await nameOfHolder()).toContain(` ${process.pid}.${mark}`);
  });

  it('is not of its own process only because host and number are, as in two containers', async () => {
    const first = ask();
    await until(() => sessionOf(first) > 0);
    const name = (await nameOfHolder()).replace(/\.\w+$/, '.other');
    await first.lease.release();
    const other = new pg.Client({ connectionString: url.reveal(), application_name: name });
    await other.connect();
    await until(async () => {
      const taken = await other.query('select pg_try_advisory_lock($1, $2) as held', [0x62_75_6c_77, HOUSE]);
      return taken.rows[0]?.held === true;
    });
    const second = ask();
    await until(() => second.told.length === 1);

    expect(second.told[0]).toMatchObject({ kind: 'taken', isOwn: false });
    await other.end();
  });

  it('is known to everybody on the database', async () => {
    expect(await isLeased(store.pool, HOUSE)).toBe(false);
    const holder = ask();
    await until(() => sessionOf(holder) > 0);

    expect([await isLeased(store.pool, HOUSE), await isLeased(store.pool, 1)]).toEqual([true, false]);
  });

  it('goes to another one when its holder hangs', async () => {
    const lease = holdLease(url, { duty: HOUSE, everyMs: 3_600_000, hangsAfterMs: 200 });
    leases.push(lease);
    await until(() => lease.state.kind === 'held');

    const second = ask();

    await until(() => second.lease.state.kind === 'held');
  });

  it('stays with its holder when the connection breaks and nobody else has it', async () => {
    const only = ask();
    await until(() => sessionOf(only) > 0);

    const before = sessionOf(only);
    await cut();
    await until(() => sessionOf(only) !== before);

    expect(only.kinds()).toEqual(['held', 'held']);
  });

  it('is lost when the connection breaks and another one has it then', async () => {
    const first = ask();
    await until(() => sessionOf(first) > 0);
    const other = new pg.Client({ connectionString: url.reveal(), application_name: 'bulwark-lease b 7.x' });
    await other.connect();
    // Stands in the queue for the lock, and so has it as soon as it is free.
    const taken = other.query('select pg_advisory_lock($1, $2)', [0x62_75_6c_77, HOUSE]);
    await until(async () => {
      const { rowCount } = await store.pool.query(
        `select from pg_locks where locktype = 'advisory' and not granted`,
      );
      return rowCount === 1;
    });

    await cut();
    await taken;
    await until(() => first.told.length === 2);
    expect(first.told[1]).toEqual({ kind: 'taken', holder: 'b 7', isOwn: false });

    await other.end();
    await until(() => first.told.length === 3);
    expect(first.kinds()).toEqual(['held', 'taken', 'held']);
  });

  it('is of one duty, on one database', async () => {
    const house = ask();
    const cluster = ask({ duty: 7 });
    url = await databases.database(`other_${count}`);
    const elsewhere = ask();

    await until(() => [house, cluster, elsewhere].every((each) => sessionOf(each) > 0));
  });

  async function newCluster(): Promise<number> {
    const identity = { uid: 'a', caHash: 'b', name: 'prod', server: 'https://a', version: 'v1' };
    return registerCluster(store, { ...identity, isDemo: false }, NOW);
  }

  it('is what a writer needs: without it nothing is written', async () => {
    const cluster = await newCluster();
    const batch = { at: NOW, resources: [], removed: [], findings: [], resolved: [] };
    const first = ask({ duty: cluster });
    await until(() => sessionOf(first) > 0);
    const session = sessionOf(first);
    await applyBatch(store, cluster, { ...batch, session });

    await first.lease.release();
    const second = ask({ duty: cluster });
    await until(() => sessionOf(second) > 0);

    await expect(applyBatch(store, cluster, { ...batch, session })).rejects.toBeInstanceOf(LeaseLost);
    await applyBatch(store, cluster, { ...batch, session: sessionOf(second) });
  });

  it('is what saying how much is seen needs: one that lost it changes neither state nor coverage', async () => {
    const cluster = await newCluster();
    const gap = { code: 'denied', subject: 'Pod', kind: 'lost', reason: 'forbidden', remedy: null } as const;
    const base = { at: NOW, reason: null, lastSeen: null, kinds: [], unserved: [], hasJudged: true };
    const live: Sight = { ...base, state: 'live', coverage: [] };
    const stale: Sight = { ...base, state: 'stale', coverage: [gap] };
    const written = async () => {
      const { rows } = await store.pool.query<{ state: string; lost: number }>(
        'select state, (select count(*) from coverage) as lost from cluster',
      );
      return rows;
    };
    const holder = ask({ duty: cluster });
    await until(() => sessionOf(holder) > 0);
    await writeSight(store, cluster, live, { session: sessionOf(holder) });
    const lost = { session: sessionOf(holder) + 1 };
    await expect(writeSight(store, cluster, stale, lost)).rejects.toBeInstanceOf(LeaseLost);
    await markClusterAway(store, cluster, 'It does not answer me.');

    expect(await written()).toEqual([{ state: 'live', lost: 0 }]);
  });

  it('can be given up where nothing answers', async () => {
    const lease = holdLease(new Secret('postgres://127.0.0.1:1/none'), { duty: HOUSE });

    await lease.release();
    expect(lease.state).toEqual({ kind: 'unknown' });
  });
});
