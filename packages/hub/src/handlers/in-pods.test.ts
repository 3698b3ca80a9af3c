import { inventoryRoutes } from '@bulwark/api';
import { scopeOf, valuesOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { inventoryHandlers } from './inventory.ts';
import { deployment, REPLICA_SET } from './rollout.testing.ts';
import { type TestCluster, TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const ONE = new Date('2026-11-26T13:00:00Z');
const TWO = new Date('2026-11-26T14:00:00Z');
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });

const pod = (at: number, image: string, more = '', phase = 'Running') => `
apiVersion: v1
kind: Pod
metadata:
  name: web-1-${at}
  namespace: shop
  uid: u-web-1-${at}
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: u-web-1, controller: true }]
spec: { containers: [{ name: app, image: "${image}" }]${more} }
status: { phase: ${phase} }
`;

let hub: TestHub;
let prod: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  prod = await hub.cluster('prod', { Pod: 'live', 'apps/Deployment': 'live', 'apps/ReplicaSet': 'live' });
  await prod.show([deployment('web:1'), REPLICA_SET, pod(0, 'web:1'), pod(1, 'web:1')].join('\n---\n'));
}, 60_000);

afterAll(() => hub?.stop());

async function found(q: string, asOf?: Date) {
  const query = { q, limit: 10, ...(asOf && { asOf: asOf.toISOString() }) };
  const { listWorkloads } = inventoryHandlers(hub.store);
  const answer = await listWorkloads({ params: undefined, body: undefined, query }, asking(hub.now));
  const { items, total } = inventoryRoutes.listWorkloads.response.parse(answer);
  return [total, ...items.map(({ podImages, podAccounts }) => [...podImages, ...podAccounts])];
}

const completed = (field: string, prefix: string) =>
  valuesOf(hub.store, ALL, { list: 'workloads', field, prefix });

describe('a workload', () => {
  it('whose pods are as its template runs nothing else', async () => {
    expect(await found('image:web*')).toEqual([1, []]);
  });

  it('is found by the image and the service account that one of its pods was given', async () => {
    hub.now = ONE;
    await prod.show(pod(1, 'evil.example.com/miner:1', ', serviceAccountName: boss'));

    for (const q of ['image:*miner*', 'service-account:boss', 'miner', 'image:web* image:*miner*'])
      expect(await found(q), q).toEqual([1, ['evil.example.com/miner:1', 'boss']]);
    expect(await found('service-account:default')).toEqual([1, ['evil.example.com/miner:1', 'boss']]);
    expect(await completed('image', 'evil')).toEqual(['evil.example.com/miner:1']);
    expect(await completed('service-account', 'b')).toEqual(['boss']);
  });

  it('is found by the container that somebody debugs in', async () => {
    await prod.show(pod(0, 'web:1', ', ephemeralContainers: [{ name: d, image: "dbg:1" }]'));

    expect(await found('image:dbg*')).toEqual([1, ['dbg:1', 'evil.example.com/miner:1', 'boss']]);
  });

  it('is found by what still runs while a rollout stands still', async () => {
    await prod.show(deployment('web:2'));

    expect(await found('image:web:1')).toEqual([1, ['dbg:1', 'evil.example.com/miner:1', 'web:1', 'boss']]);
  });

  it('is found no more once that pod has ended or is gone', async () => {
    hub.now = TWO;
    await prod.show(pod(0, 'web:1', ', ephemeralContainers: [{ name: d, image: "dbg:1" }]', 'Succeeded'));
    await prod.remove('Pod', 'shop', 'web-1-1');

    expect(await found('image:*miner*')).toEqual([0]);
    expect(await found('service-account:boss')).toEqual([0]);
    expect(await found('image:web:1')).toEqual([0]);
    expect(await completed('image', 'evil')).toEqual([]);
  });

  it('is found by what its pods ran as of a moment of the past', async () => {
    expect(await found('image:*miner*', ONE)).toEqual([1, expect.arrayContaining(['boss'])]);
    expect(await found('service-account:boss', ONE)).toEqual([1, expect.arrayContaining(['boss'])]);
    expect(await found('image:*miner*', NOON)).toEqual([0]);
  });
});
