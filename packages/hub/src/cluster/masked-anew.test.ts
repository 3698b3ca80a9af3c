import { type JsonObject, objectAt } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestHub } from '../handlers/test-cluster.ts';
import { objectsOf, tellingHub, WatchedCluster } from './watched.testing.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await tellingHub();
}, 60_000);

afterAll(() => hub?.stop());

/** Of parts, so that no scanner takes this file for a leak. */
const TOKEN = ['glpat', 'a1B2c3D4e5F6g7H8i9J0'].join('-');

const web = (image: string) =>
  objectsOf(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, uid: u-web, annotations: { note: '${TOKEN}' } }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { hostPID: true, containers: [{ name: a, image: '${image}' }] }
`);

/** What is stored is as an earlier version would have left it, that did not know the token. */
async function unmask(): Promise<void> {
  const { rowCount } = await hub.store.pool.query(
    `with old as (
       select r.cluster_id, r.kind, r.name, b.content, gen_random_uuid() as hash
       from resource r join body b on b.cluster_id = r.cluster_id and b.hash = r.body_hash where r.kind = 'apps/Deployment'
     ), kept as (
       insert into body (cluster_id, hash, content)
       select cluster_id, hash, replace(content::text, '[redacted]', $1)::jsonb from old returning hash
     ) update resource r set body_hash = old.hash, digest = gen_random_uuid() from old
       where (r.cluster_id, r.kind, r.name) = (old.cluster_id, old.kind, old.name)`,
    [TOKEN],
  );
  expect(rowCount).toBeGreaterThan(0);
}

it('an object is not changed by a version that masks more of it than the one before', async () => {
  const shop = await WatchedCluster.inTest(hub, 'masked', web('x:1'));
  await shop.start();
  await shop.stop();
  const before = await shop.kept();
  expect(JSON.stringify(before)).not.toContain(TOKEN);
  await unmask();
  await shop.start();
  const after = await shop.kept();

  expect(after['change']).toEqual(before['change']);
  expect(after['notice']).toEqual(before['notice']);
  const bodies = (kept: typeof before) => kept['resource']?.map((row) => row['body_hash']);
  expect(bodies(after)).toEqual(bodies(before));
});

it('what somebody changed while the hub was away is told all the same', async () => {
  const shop = await WatchedCluster.inTest(hub, 'changed', web('x:1'));
  await shop.start();
  await shop.stop();
  await unmask();
  for (const object of web('x:2')) shop.server.upsert(object);
  await shop.start();

  expect((await shop.kept())['change']?.map((row) => row['verb'])).toContain('changed');
});

describe('what somebody breaks while the hub is away is told of their change, where meanwhile', () => {
  const own = objectsOf(`
apiVersion: v1
kind: Pod
metadata: { name: other, namespace: shop, uid: u-other }
spec: { containers: [{ name: a, image: 'x:1' }] }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, uid: u-shop }
`);
  const [pod, namespace] = own as [JsonObject, JsonObject];
  const fine = { ...web('x:1')[0], metadata: { name: 'web', namespace: 'shop', uid: 'u-web' } };
  const withSpec = (hostIPC: boolean): JsonObject => ({
    ...fine,
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { hostIPC, containers: [{ name: 'a', image: 'x:1' }] },
      },
    },
  });

  it.each<readonly [string, JsonObject | undefined]>([
    ['nothing else happened', undefined],
    [
      'a pod got its node',
      { ...pod, spec: { ...objectAt(pod, 'spec'), nodeName: 'n1' }, status: { podIP: '10.0.0.7' } },
    ],
    [
      'another team got it',
      { ...namespace, metadata: { ...objectAt(namespace, 'metadata'), labels: { team: 'blue' } } },
    ],
    ['a version came that masks more', web('x:1')[0]],
  ])('%s', async (what, moved) => {
    const token = objectsOf(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: told, namespace: shop, uid: u-told, annotations: { note: '${TOKEN}' } }
spec: { template: { spec: { containers: [{ name: a, image: 'x:1' }] } } }`);
    const shop = await WatchedCluster.inTest(hub, what, [...own, withSpec(false), ...token]);
    await shop.start();
    await shop.stop();
    const old = (await shop.kept())['notice']?.length ?? 0;
    if (moved !== undefined && moved['kind'] !== 'Deployment') shop.server.upsert(moved);
    if (moved?.['kind'] === 'Deployment') await unmask();
    shop.server.upsert(withSpec(true));
    await shop.start();

    const { change = [], notice = [] } = await shop.kept();
    const broken = change.find(({ kind, verb }) => kind === 'apps/Deployment' && verb === 'changed');
    const told = notice.filter((row) => row['control'] === 'host-ipc');
    expect(notice.length).toBeGreaterThan(old);
    expect(told.map((row) => [row['is_first'], row['change_id']])).toEqual([[false, broken?.['id']]]);
  });
});
