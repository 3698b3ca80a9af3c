import { afterAll, beforeAll, expect, it } from 'vitest';
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
