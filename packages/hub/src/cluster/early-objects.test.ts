import type { JsonObject } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestHub } from '../handlers/test-cluster.ts';
import { objectsOf, WatchedCluster } from './watched.testing.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date());
}, 60_000);

afterAll(() => hub?.stop());

const SPEC = '{ hostPID: true, containers: [{ name: a, image: "x:1" }] }';
const controlledBy = (kind: string, name: string): string =>
  `ownerReferences: [{ apiVersion: apps/v1, kind: ${kind}, name: ${name}, uid: ${name}, controller: true }]`;

const CREATED = `creationTimestamp: "${new Date().toISOString()}"`;

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: web-1-x, namespace: shop, uid: x, ${CREATED}, ${controlledBy('ReplicaSet', 'web-1')} }
spec: ${SPEC}
status: { phase: Running }`;

const REPLICA_SET = `
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: web-1, namespace: shop, uid: web-1, ${CREATED}, ${controlledBy('Deployment', 'web')} }
spec: { selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: ${SPEC} } }`;

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, uid: web }
spec: { selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: ${SPEC} } }`;

const one = (yaml: string): JsonObject => objectsOf(yaml)[0] as JsonObject;

/** The objects in which host-pid is, or was, found. */
async function foundIn({ id }: WatchedCluster): Promise<readonly string[]> {
  const { rows } = await hub.store.pool.query<{ name: string }>(
    `select distinct f.kind || ' ' || f.name as name from finding f where f.cluster_id = $1 and f.control = 'host-pid' order by 1`,
    [id],
  );
  return rows.map(({ name }) => name);
}

describe('what is found in an object that is seen before its controller', () => {
  it('is found in that one alone, however many stand between', async () => {
    const shop = await WatchedCluster.inTest(hub, 'early', []);
    await shop.start();
    shop.server.upsert(one(POD));
    await expect.poll(() => isStored(shop, 'web-1-x'), { timeout: 30_000 }).toBe(true);
    await shop.tick();
    expect(await foundIn(shop)).toEqual([]);
    for (const yaml of [REPLICA_SET, DEPLOYMENT]) shop.server.upsert(one(yaml));

    await expect.poll(() => foundIn(shop), { timeout: 30_000 }).toEqual(['apps/Deployment web']);
  }, 60_000);

  it('is found in the object itself where no controller comes', async () => {
    const shop = await WatchedCluster.inTest(hub, 'orphan', []);
    await shop.start();
    shop.server.upsert(one(POD));

    await expect.poll(() => foundIn(shop), { timeout: 30_000 }).toEqual(['Pod web-1*']);
  }, 60_000);
});

async function isStored({ id }: WatchedCluster, name: string): Promise<boolean> {
  const { rowCount } = await hub.store.pool.query(
    'select from resource where cluster_id = $1 and name = $2',
    [id, name],
  );
  return rowCount === 1;
}
