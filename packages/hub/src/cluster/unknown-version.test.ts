import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestHub } from '../handlers/test-cluster.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-26T10:00:00Z'));
}, 60_000);

afterAll(async () => {
  await hub?.stop();
});

const POD = `
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec: {hostPID: true, containers: [{name: a, image: "x:1"}]}
`;

async function remarks(cluster: number): Promise<readonly string[]> {
  const { rows } = await hub.store.pool.query<{ text: string }>(
    `select concat_ws(', ', kind, subject, reason) as text from coverage
     where cluster_id = $1 and code = 'unknown-kubernetes'`,
    [cluster],
  );
  return rows.map(({ text }) => text);
}

async function controlsOpen(cluster: number): Promise<readonly string[]> {
  const { rows } = await hub.store.pool.query<{ control: string }>(
    'select control from finding where cluster_id = $1',
    [cluster],
  );
  return rows.map(({ control }) => control);
}

const RULES = 'it is judged by the rules of 1.37, the newest that are known.';

it.each([
  ['v1.38.0', `note, Kubernetes v1.38.0, Kubernetes 1.38 is not known; ${RULES}`],
  ['', `note, Kubernetes, Which version of Kubernetes the cluster runs cannot be read; ${RULES}`],
])('a cluster of version %j is judged by the newest rules, and coverage says so', async (version, remark) => {
  hub.version = version;
  const cluster = await hub.cluster(`of ${version}`, { Pod: 'live' });
  await cluster.show(POD);
  await expect.poll(() => remarks(cluster.id)).toEqual([remark]);
  expect(await controlsOpen(cluster.id)).toContain('host-pid');

  hub.version = 'v1.34.0';
  const again = await hub.cluster(`of ${version}`, { Pod: 'live' });
  await again.show(POD);
  await again.flush();

  expect(again.id).toBe(cluster.id);
  await expect.poll(() => remarks(again.id)).toEqual([]);
});
