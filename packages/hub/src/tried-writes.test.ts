import { afterAll, beforeAll, expect, it } from 'vitest';
import { issueToken } from './access/issue.ts';
import { TestHub } from './handlers/test-cluster.ts';
import { hubOptionsForTests } from './hub.testing.ts';
import { type Hub, startHub } from './hub.ts';

const START_MS = 120_000;
/** So soon it is to be said. */
const WITHIN = { timeout: 60_000, interval: 500 };
const FULL =
  'The database takes nothing: its disk is full (53100). Give it space. What is seen waits, and is written then.';

let recorded: TestHub;
let hub: Hub;
let token: string;
const said: string[] = [];

beforeAll(async () => {
  recorded = await TestHub.start(new Date());
  const cluster = await recorded.cluster('shop', { Service: 'live' });
  await cluster.flush();
  const { store, url: databaseUrl, folder } = recorded;
  const limits = { clusters: 'all', namespaces: 'all' } as const;
  const request = { name: 'somebody', role: 'admin', limits, days: 1 } as const;
  token = (await issueToken(store, request, { owner: 'ann', now: new Date() })).secret;
  // It watches no cluster: like one that stands by it is told nothing of what others write.
  hub = await startHub(hubOptionsForTests({ databaseUrl, folder, say: (text) => said.push(text) }));
}, START_MS);

afterAll(async () => {
  await hub?.stop();
  await recorded?.stop();
});

async function ask<T>(path: string): Promise<T> {
  const answer = await fetch(`${hub.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return (await answer.json()) as T;
}

/** What the hub says of the database and of the cluster, wherever that is asked. */
async function standing() {
  const { status, checks } = await ask<{ status: string; checks: { name: string; detail: string }[] }>(
    '/api/v1/health',
  );
  const { items: clusters } = await ask<{ items: { state: string; reason: string | null }[] }>(
    '/api/v1/clusters',
  );
  const { items: gaps } = await ask<{ items: { code: string; reason: string }[] }>('/api/v1/coverage');
  return {
    ready: (await fetch(`${hub.url}/readyz`)).status,
    health: [status, checks.find(({ name }) => name === 'database')?.detail],
    clusters: clusters.map(({ state, reason }) => [state, reason]),
    away: gaps.filter(({ code }) => code === 'cluster-away').map(({ reason }) => reason),
  };
}

it(
  'a hub that writes nothing itself says within a minute that the database takes nothing, and that it does again',
  async () => {
    const { pool } = recorded.store;
    await expect.poll(standing, WITHIN).toMatchObject({ ready: 200, clusters: [['live', null]], away: [] });

    await pool.query(`create function full_disk() returns trigger language plpgsql as
    $$ begin raise exception using errcode = '53100', message = 'No space left on device'; end $$;
    create trigger full_disk before insert or update on cluster for each row execute function full_disk()`);
    await expect.poll(standing, WITHIN).toEqual({
      ready: 503,
      health: ['down', FULL],
      clusters: [['stale', FULL]],
      away: [expect.stringContaining(FULL)],
    });

    await pool.query('drop trigger full_disk on cluster');
    await expect.poll(standing, WITHIN).toMatchObject({ ready: 200, clusters: [['live', null]], away: [] });
    expect(said.slice(-2)).toEqual([FULL, 'The database takes what is written again.']);
  },
  START_MS,
);
