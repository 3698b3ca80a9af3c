import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestHub } from '../handlers/test-cluster.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-26T10:00:00Z'));
}, 60_000);

afterAll(async () => {
  await hub?.stop();
});

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: a, image: "x:1", securityContext: {privileged: true}}]}
`;
const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {type: NodePort, selector: {app: cart}}
`;

async function ranked(cluster: number): Promise<readonly string[]> {
  const { rows } = await hub.store.pool.query<{ id: string }>(
    `select concat_ws('/', kind, namespace, name) as id from workload_risk where cluster_id = $1`,
    [cluster],
  );
  return rows.map(({ id }) => id);
}

it.each([
  { what: 'goes where it is not there any more', sight: 'live', left: [] },
  {
    what: 'stays where its kind is not seen: an outage takes no workload away',
    sight: 'denied',
    left: ['apps/Deployment/shop/cart'],
  },
] as const)('the risk of a workload that was stored before a start $what', async ({ sight, left }) => {
  const before = await hub.cluster(sight, { 'apps/Deployment': 'live', Service: 'live' });
  await before.show(DEPLOYMENT);
  expect(await ranked(before.id)).toEqual(['apps/Deployment/shop/cart']);

  const again = await hub.cluster(sight, { 'apps/Deployment': sight, Service: 'live' });
  await again.show(SERVICE);

  expect(again.id).toBe(before.id);
  expect(await ranked(again.id)).toEqual(left);
});
