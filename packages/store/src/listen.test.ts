import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Secret } from '@bulwark/core';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from './listen.ts';
import { poolOf, startTestServer, type TestServer } from './server.testing.ts';
import type { Notice } from './write/announce.ts';

describe('listening to writers', () => {
  let server: TestServer;
  let url: Secret<string>;
  let pool: pg.Pool;

  beforeAll(async () => {
    server = await startTestServer();
    url = await server.database('listened');
    pool = poolOf(url);
  }, 60_000);

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
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
