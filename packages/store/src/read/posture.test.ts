import { afterAll, beforeAll, expect, it } from 'vitest';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { registerCluster } from '../write/clusters.ts';
import { writeSight } from '../write/sight.ts';
import { listClusters, listCoverage } from './posture.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const MANY = 5001;
const SIGHT = {
  at: NOW,
  state: 'live',
  reason: null,
  lastSeen: NOW,
  kinds: [],
  unserved: [],
  hasJudged: true,
} as const;

let databases: TestDatabases;
let store: Store;

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('posture'), now: NOW });
}, 120_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

it('leaves out nothing of what was not seen, however much it is', async () => {
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  const cluster = await registerCluster(store, identity, NOW);
  const entries = Array.from({ length: MANY }, (_, index) => ({
    code: 'unreadable',
    subject: `Pod shop/p-${index}`,
    kind: 'lost' as const,
    reason: 'It is too deep.',
    remedy: null,
  }));
  await writeSight(store, cluster, { ...SIGHT, coverage: entries });

  const found = await listCoverage(store, scopeOf({ clusters: 'all', namespaces: 'all' }));
  expect(new Set(found.map(({ subject }) => subject)).size).toBe(MANY);
});

it('tells of an object to those alone who may see it, and of the cluster to all', async () => {
  const identity = { uid: 'v', caHash: 'c', name: 'test', server: '', version: 'v1.34.0', isDemo: false };
  const cluster = await registerCluster(store, identity, NOW);
  const of = (subject: string, namespace?: string) => ({
    code: 'control-error',
    subject,
    kind: 'lost' as const,
    reason: 'It failed.',
    remedy: null,
    ...(namespace !== undefined && { namespace }),
  });
  const coverage = [of('Secret'), of('Node n1', ''), of('Pod pay/till', 'pay'), of('Pod shop/web', 'shop')];
  await writeSight(store, cluster, { ...SIGHT, coverage });

  const told = async (namespaces: 'all' | string[]) => {
    const scope = scopeOf({ clusters: [cluster], namespaces });
    const subjects = (await listCoverage(store, scope)).map(({ subject }) => subject);
    const [record] = await listClusters(store, scope);
    expect(record?.lost).toBe(subjects.length);
    return subjects;
  };
  expect(await told('all')).toEqual(['Node n1', 'Pod pay/till', 'Pod shop/web', 'Secret']);
  expect(await told(['shop'])).toEqual(['Pod shop/web', 'Secret']);
  expect(await told([])).toEqual(['Secret']);
});
