import type { JsonObject } from '@bulwark/core';
import { customKind } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestHub } from '../handlers/test-cluster.ts';
import { type Kept, objectsOf, tellingHub, WatchedCluster } from './watched.testing.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await tellingHub();
}, 60_000);

afterAll(async () => {
  await hub?.stop();
});

const LONG_AGO = '2025-01-01T00:00:00Z';
const SERVICE_ACCOUNT = objectsOf(
  '{ apiVersion: v1, kind: ServiceAccount, metadata: { name: cart, namespace: shop } }',
);

function deployment(name: string, creationTimestamp: string): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop', uid: name, creationTimestamp },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'a', image: 'x:1', securityContext: { privileged: true } }] },
      },
    },
  };
}

const deny = ({ server }: WatchedCluster): void => {
  server.forbids = ({ verb, resource }) => verb !== 'discovery' && resource === 'deployments';
};
const grant = ({ server }: WatchedCluster): void => {
  server.forbids = () => false;
};

/** What was told of each finding of a Deployment, and what is said of it in Changes. */
function saidOf(name: string, kept: Kept): { first: unknown[]; changes: unknown[]; causes: unknown[] } {
  const of = (table: string) => (kept[table] ?? []).filter((row) => row['name'] === name);
  const distinct = (values: readonly unknown[]) => [...new Set(values)];
  return {
    first: distinct(of('notice').map(({ is_first }) => is_first)),
    changes: distinct(of('change').map(({ verb }) => verb)),
    causes: distinct(of('finding').map(({ change_id }) => change_id !== null)),
  };
}

const WATCHED_NOW = { first: [true], changes: [], causes: [false] };
const CREATED = { first: [false], changes: ['created'], causes: [true] };

describe('objects of a kind that is seen for the first time', () => {
  it('are watched now, and were not created now, where the right to see them is granted later', async () => {
    const shop = await WatchedCluster.inTest(hub, 'granted', [
      ...SERVICE_ACCOUNT,
      deployment('old', LONG_AGO),
    ]);
    deny(shop);
    await shop.start();
    await shop.sees('apps/Deployment', 'denied');

    grant(shop);
    await shop.sees('apps/Deployment', 'live');
    expect(saidOf('old', await shop.kept())).toEqual(WATCHED_NOW);

    shop.server.upsert(deployment('new', new Date().toISOString()));
    await expect.poll(async () => saidOf('new', await shop.kept()), { timeout: 20_000 }).toEqual(CREATED);
  }, 60_000);

  it('are watched now also where that is after a start', async () => {
    const shop = await WatchedCluster.inTest(hub, 'granted while away', [
      ...SERVICE_ACCOUNT,
      deployment('old', LONG_AGO),
    ]);
    deny(shop);
    await shop.start();
    await shop.stop();

    grant(shop);
    await shop.start();

    expect(saidOf('old', await shop.kept())).toEqual(WATCHED_NOW);
  }, 60_000);

  it('are news where they were created while nobody watched', async () => {
    const shop = await WatchedCluster.inTest(hub, 'created while away', SERVICE_ACCOUNT);
    await shop.start();
    await shop.stop();

    shop.server.upsert(deployment('new', new Date().toISOString()));
    await shop.start();

    expect(saidOf('new', await shop.kept())).toEqual(CREATED);
  }, 60_000);

  it('are news where they were created moments ago, after their kind was defined', async () => {
    const shop = await WatchedCluster.inTest(hub, 'defined', SERVICE_ACCOUNT);
    await shop.start();

    shop.server.upsert(DEFINITION);
    shop.server.upsert(workspace('new', new Date().toISOString()));

    await expect
      .poll(async () => saidOf('new', await shop.kept()), { timeout: 30_000 })
      .toMatchObject({ first: [false], changes: ['created'] });
  }, 60_000);

  it('are watched now where their kind is found to have pod templates only after the first judgement', async () => {
    const shop = await WatchedCluster.inTest(hub, 'templates', [
      ...SERVICE_ACCOUNT,
      DEFINITION,
      workspace('old', LONG_AGO),
    ]);
    await shop.start();

    await expect
      .poll(async () => saidOf('old', await shop.kept()), { timeout: 30_000 })
      .toMatchObject({ first: [true], changes: [] });
  }, 60_000);
});

describe('a kind whose first list fails', () => {
  const START = new Date();
  const after = (minutes: number): Date => new Date(START.getTime() + minutes * 60_000);

  it('keeps new findings that depend on it waiting for five minutes, and is told as watched now with them', async () => {
    hub.now = START;
    const shop = await hub.cluster('failing', { 'apps/Deployment': 'live', Namespace: 'pending' });
    const seen = async () => {
      await shop.tick();
      await shop.flush();
      const { rows } = await hub.store.pool.query<{ found: number; reason: string; first: boolean[] }>(
        `select (select count(*)::int from finding where cluster_id = $1) as found,
           (select reason from coverage where cluster_id = $1 and subject = 'Namespace') as reason,
           array(select distinct is_first from notice where cluster_id = $1) as first`,
        [shop.id],
      );
      return rows[0];
    };
    await shop.show(JSON.stringify(deployment('old', LONG_AGO)));
    const waits = { found: 0, reason: expect.stringMatching(/depend on it wait for it\.$/), first: [] };
    expect(await seen()).toEqual(waits);
    hub.now = after(4);
    await shop.sees('Namespace', 'listing');
    await shop.sees('Namespace', 'pending');
    expect(await seen()).toEqual(waits);

    hub.now = after(6);
    expect(await seen()).toEqual({
      found: expect.any(Number),
      reason: expect.stringMatching(/depend on it are made without it\.$/),
      first: [true],
    });
  });
});

describe('Secrets that are not collected any more', () => {
  it('end without a change, as nobody deleted them, and are no news where they are collected again', async () => {
    const metadata = { name: 'till', namespace: 'shop', uid: 'till', creationTimestamp: LONG_AGO };
    const shop = await WatchedCluster.inTest(hub, 'secrets', [
      ...SERVICE_ACCOUNT,
      { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: { key: 'aGVsbG8=' } },
    ]);
    const rows = async (): Promise<Record<string, number>> => {
      const kept = await shop.kept();
      const count = (table: string) => (kept[table] ?? []).filter(({ name }) => name === 'till').length;
      return { live: count('resource'), ended: count('resource_past'), changes: count('change') };
    };
    const startedWith = async (secrets: boolean): Promise<void> => {
      await shop.stop();
      shop.secrets = secrets;
      await shop.start();
    };
    await startedWith(true);
    expect(await rows()).toEqual({ live: 1, ended: 0, changes: 0 });

    await startedWith(false);
    await expect.poll(rows, { timeout: 20_000 }).toEqual({ live: 0, ended: 1, changes: 0 });

    await startedWith(true);
    expect(await rows()).toEqual({ live: 1, ended: 1, changes: 0 });
  }, 60_000);
});

const DEFINITION = customKind('Workspace', { podAt: 'spec.template' });

function workspace(name: string, creationTimestamp: string): JsonObject {
  return {
    apiVersion: 'example.org/v1',
    kind: 'Workspace',
    metadata: { name, namespace: 'shop', uid: name, creationTimestamp },
    spec: {
      template: {
        spec: { containers: [{ name: 'a', image: 'x:1', securityContext: { privileged: true } }] },
      },
    },
  };
}
