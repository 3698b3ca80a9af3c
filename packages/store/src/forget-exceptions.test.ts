import { afterAll, beforeAll, expect, it } from 'vitest';
import { forgetExceptions } from './forget-exceptions.ts';
import { retain } from './partitions.ts';
import { listExceptions } from './read/exceptions.ts';
import { type TestDatabases, testDatabases } from './shared-server.testing.ts';
import { openStore, type Store } from './store.ts';
import { deleteCluster, registerCluster } from './write/clusters.ts';
import { createException } from './write/exceptions.ts';

const NOW = new Date('2026-11-26T12:00:00Z');

let databases: TestDatabases;
let store: Store;

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('forgotten'), now: NOW });
}, 60_000);
afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

function register(name: string): Promise<number> {
  const place = { uid: name, caHash: name, server: `https://${name}`, version: 'v1.34.0', isDemo: false };
  return registerCluster(store, { ...place, name }, NOW);
}

async function accept(scope: Readonly<Record<string, unknown>>): Promise<number> {
  const made = { reason: 'because', owner: null, until: null, state: 'active', createdBy: 'ann' } as const;
  return (await createException(store, { ...made, scope, createdAt: NOW, query: null })).id;
}

async function scopes(): Promise<ReadonlyMap<number, unknown>> {
  return new Map((await listExceptions(store)).map(({ id, scope }) => [id, scope]));
}

it('forgets the exceptions of a cluster that was removed, and leaves those of others to them', async () => {
  const [east, west] = [await register('east'), await register('west')];
  const controls = ['host-pid'];
  const ofEast = await accept({ controls, clusters: [east] });
  const ofBoth = await accept({ controls, clusters: [west, east], namespaces: ['shop'] });
  const ofWest = await accept({ controls, clusters: [west] });
  const ofAll = await accept({ controls });
  expect(await forgetExceptions(store.pool)).toBe(0);

  expect(await deleteCluster(store, east)).toBe('removed');
  expect(await forgetExceptions(store.pool)).toBe(2);

  const left = await scopes();
  expect(left.has(ofEast)).toBe(false);
  expect(left.get(ofBoth)).toEqual({ controls, clusters: [west], namespaces: ['shop'] });
  expect(left.get(ofWest)).toEqual({ controls, clusters: [west] });
  expect(left.get(ofAll)).toEqual({ controls });
  expect(await forgetExceptions(store.pool)).toBe(0);
});

it('forgets once a day those that an earlier version or a sudden end left behind', async () => {
  const gone = await register('gone');
  const left = await accept({ controls: ['host-pid'], clusters: [gone] });
  await deleteCluster(store, gone);
  expect((await scopes()).has(left)).toBe(true);

  await retain(store.pool, NOW);

  expect((await scopes()).has(left)).toBe(false);
});
