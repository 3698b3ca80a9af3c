import { inventoryRoutes } from '@bulwark/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { inventoryHandlers } from './inventory.ts';
import { deployment, REPLICA_SET } from './rollout.testing.ts';
import { type TestCluster, TestHub, type TestSight } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const ONE = new Date('2026-11-26T13:00:00Z');

const SECRET = (name: string) => `
apiVersion: v1
kind: Secret
metadata: { name: ${name}, namespace: shop, uid: u-${name} }
type: Opaque
data: { k: 4 }
`;

const SHOP = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, uid: u-shop }
---${deployment('web:1')}---${REPLICA_SET}`;

const POD = `
apiVersion: v1
kind: Pod
metadata:
  name: web-1-0
  namespace: shop
  uid: u-web-1-0
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: u-web-1, controller: true }]
spec:
  containers:
    - { name: app, image: "web:1" }
    - { name: agent, image: "vault:1", env: [{ name: X, valueFrom: { secretKeyRef: { name: in-env, key: k } } }] }
  volumes: [{ name: s, secret: { secretName: in-volume } }]
status: { phase: Running }
`;

const ALL_SEEN: Readonly<Record<string, TestSight>> = {
  ...{ Namespace: 'live', Secret: 'live', Pod: 'live', 'apps/Deployment': 'live', 'apps/ReplicaSet': 'live' },
};

let hub: TestHub;
let prod: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  prod = await hub.cluster('prod', ALL_SEEN);
  await prod.show([SHOP, ...['in-env', 'in-volume', 'unused'].map(SECRET)].join('\n---\n'));
}, 60_000);

afterAll(() => hub?.stop());

const asked = (q: string, asOf?: Date) => ({
  params: undefined,
  body: undefined,
  query: { q, limit: 10, ...(asOf && { asOf: asOf.toISOString() }) },
});

async function secrets(q: string, asOf?: Date): Promise<readonly string[]> {
  const answer = await inventoryHandlers(hub.store).listSecrets(asked(q, asOf), asking(hub.now));
  const { items } = inventoryRoutes.listSecrets.response.parse(answer);
  return items.map(({ name, mountedBy, mayBeUsedBy }) =>
    [name, ...mountedBy, ...mayBeUsedBy.map((kind) => `perhaps ${kind}`)].join(' '),
  );
}

describe('a secret', () => {
  it('that no template and no pod names is not used', async () => {
    expect(await secrets('cluster:prod used:no')).toEqual(['in-env', 'in-volume', 'unused']);
  });

  it('that a running pod alone reads or mounts is used by its workload', async () => {
    hub.now = ONE;
    await prod.show(POD);

    expect(await secrets('cluster:prod used:yes')).toEqual([
      'in-env Deployment web',
      'in-volume Deployment web',
    ]);
    expect(await secrets('cluster:prod used:no')).toEqual(['unused']);
    expect(await secrets('cluster:prod used:yes', ONE)).toHaveLength(2);
    expect(await secrets('cluster:prod used:yes', NOON)).toEqual([]);
  });

  it('is not said to be unused where pods or workloads are not seen, and nothing is counted as none', async () => {
    const blind = await hub.cluster('blind', { ...ALL_SEEN, Pod: 'denied', 'apps/Deployment': 'denied' });
    await blind.show(
      `${SECRET('s')}\n---\n{ apiVersion: v1, kind: Namespace, metadata: { name: shop, uid: u } }`,
    );

    expect(await secrets('cluster:blind used:no')).toEqual([]);
    expect(await secrets('cluster:blind')).toEqual(['s perhaps Pod perhaps Deployment']);
    const answer = await inventoryHandlers(hub.store).listNamespaces(asked('cluster:blind'), asking(hub.now));
    expect(inventoryRoutes.listNamespaces.response.parse(answer).items).toMatchObject([
      { workloads: null, pods: null },
    ]);
  });
});
