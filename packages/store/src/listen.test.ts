import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Secret } from '@bulwark/core';
import { Cable } from '@bulwark/testkit';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit, writeAudit } from './access/users.ts';
import { listen } from './listen.ts';
import { poolOf } from './server.testing.ts';
import { databaseOf, type TestDatabases, testDatabases } from './shared-server.testing.ts';
import { startSilentProxy } from './silent-proxy.testing.ts';
import { openStore } from './store.ts';
import type { Notice } from './write/announce.ts';

describe('listening to writers', () => {
  let databases: TestDatabases;
  let url: Secret<string>;
  let pool: pg.Pool;

  beforeAll(async () => {
    databases = await testDatabases();
    url = await databases.database('listened');
    pool = poolOf(url);
  }, 60_000);

  afterAll(async () => {
    await pool?.end();
    await databases?.drop();
  });

  it('takes what is no notice for a gap, and goes on', async () => {
    const heard: (Notice | 'gap')[] = [];
    const listening = listen(
      url,
      (notice) => heard.push(notice),
      () => heard.push('gap'),
    );
    const notice = { topics: ['findings'], clusters: [1], namespaces: ['shop'] };
    const say = (payload: string) => pool.query('select pg_notify($1, $2)', ['bulwark', payload]);
    await expect.poll(async () => (await say(JSON.stringify(notice))) && heard.length).toBeGreaterThan(0);
    heard.length = 0;

    for (const payload of ['', 'hello', 'null', '{}', '{"topics":["findings"],"clusters":1}'])
      await say(payload);
    await say('{"topics":["findings"]}');
    await expect.poll(() => heard.at(-1)).toMatchObject({ clusters: 'all', namespaces: 'all' });
    await listening.stop();

    expect(heard.filter((each) => each === 'gap')).toHaveLength(5);
  });

  it('hears of what the audit log notes once it is there to be read, and not who did what', async () => {
    const at = new Date('2026-11-26T12:00:00Z');
    const noted = await databases.database('noted');
    const store = await openStore({ url: noted, now: at });
    const heard: Notice[] = [];
    let hasBegun = false;
    const listening = listen(
      noted,
      (notice) => heard.push(notice),
      () => {
        hasBegun = true;
      },
    );
    await expect.poll(() => hasBegun).toBe(true);

    const entry = { at, actor: 'ann', address: null, action: 'revokeToken', subject: 'id=1' };
    await writeAudit(store, { ...entry, outcome: 'done' });
    await expect.poll(() => heard).toEqual([{ topics: ['settings'], clusters: 'all', namespaces: 'all' }]);
    const kept = await listAudit(store, 10);
    await listening.stop();
    await store.close();

    expect(kept).toMatchObject([entry]);
  });

  it('says that something may have been missed until it listens, and when it listens again', async () => {
    let gaps = 0;
    const listening = listen(
      url,
      () => {},
      () => gaps++,
    );
    await expect.poll(() => gaps).toBe(1);
    await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'bulwark-listen'`,
    );
    await expect.poll(() => gaps, { timeout: 5000 }).toBe(2);
    await listening.stop();
  });

  it('notices a connection over which nothing comes any more without a word, and listens over another one', async () => {
    const proxy = await startSilentProxy(url);
    const heard: (Notice | 'gap')[] = [];
    const listening = listen(
      proxy.url,
      (notice) => heard.push(notice),
      () => heard.push('gap'),
      { askEveryMs: 50, answerMs: 500 },
    );
    const say = () => pool.query('select pg_notify($1, $2)', ['bulwark', '{"topics":["exceptions"]}']);
    const topics = () => heard.map((each) => (each === 'gap' ? each : each.topics[0]));
    await expect.poll(topics).toEqual(['gap']);
    await say();
    await expect.poll(topics).toEqual(['gap', 'exceptions']);

    proxy.forget();
    await say();
    await expect.poll(topics, { timeout: 10_000 }).toEqual(['gap', 'exceptions', 'gap']);
    await say();
    await expect.poll(topics).toEqual(['gap', 'exceptions', 'gap', 'exceptions']);
    await listening.stop();
    await proxy.stop();
  });

  it('says that the database is silent since its last answer, once, and that it answers again', async () => {
    const cable = await Cable.to(Number(new URL(url.reveal()).port));
    const way = new URL(url.reveal());
    way.port = String(cable.port);
    const told: (Date | undefined)[] = [];
    let gaps = 0;
    const listening = listen(
      new Secret(way.href),
      () => {},
      () => gaps++,
      { askEveryMs: 50, answerMs: 300, silentAfterMs: 500, onSilence: (since) => told.push(since) },
    );
    await expect.poll(() => gaps).toBe(1);

    const frozenAt = Date.now();
    cable.freeze();
    await expect.poll(() => told.length, { timeout: 5000 }).toBe(1);
    expect(Math.abs((told[0]?.getTime() ?? 0) - frozenAt)).toBeLessThan(500);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(told.length).toBe(1);

    cable.mend();
    await expect.poll(() => told, { timeout: 15_000 }).toEqual([expect.any(Date), undefined]);
    await listening.stop();
    await cable.stop();
  });

  it('is not cut where a server ends what is idle, and its session ends all the same once it hangs', async () => {
    await pool.query(`alter database ${databaseOf(url)} set idle_session_timeout = '100ms'`);
    let gaps = 0;
    const listening = listen(
      url,
      () => {},
      () => gaps++,
      { askEveryMs: 1000, answerMs: 500 },
    );
    await expect.poll(() => gaps).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await listening.stop();
    await pool.query(`alter database ${databaseOf(url)} reset idle_session_timeout`);

    expect(gaps).toBe(1);
  });

  it('goes on once a file that the address names can be read', async () => {
    const authority = join(mkdtempSync(join(tmpdir(), 'bulwark-listen-')), 'ca.crt');
    const named = new Secret(`${url.reveal()}?sslmode=disable&sslrootcert=${authority}`);
    let gaps = 0;
    const listening = listen(
      named,
      () => {},
      () => gaps++,
    );
    await new Promise((resolve) => setImmediate(resolve));
    writeFileSync(authority, '');
    await expect.poll(() => gaps).toBe(1);
    await listening.stop();
    rmSync(dirname(authority), { recursive: true });
  });
});
