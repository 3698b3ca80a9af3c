import type { JsonObject } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestHub } from '../handlers/test-cluster.ts';
import { objectsOf, WatchedCluster } from './watched.testing.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date());
}, 60_000);

afterAll(async () => {
  await hub?.stop();
});

const TOKEN = 'automount-service-account-token';
const ACCOUNT = objectsOf(
  '{ apiVersion: v1, kind: ServiceAccount, metadata: { name: default, namespace: shop } }',
);

/** One of the pods of an operator, whose kinds are not collected. */
function pod(name: string, said: string): JsonObject {
  const [object] = objectsOf(`
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  annotations: { bulwark.dev/except.${TOKEN}: "${said}" }
  ownerReferences: [{ apiVersion: postgresql.cnpg.io/v1, kind: Cluster, name: pg, controller: true }]
spec: { containers: [{ name: a, image: "x:1" }] }
status: { phase: Running }
`);
  return object as JsonObject;
}

const until = (day: string): string => `Asked at https://a:w0nderland@b.example/c; until=${day}`;

async function watched(name: string, ...pods: readonly JsonObject[]): Promise<WatchedCluster> {
  const shop = await WatchedCluster.inTest(hub, name, [...ACCOUNT, ...pods]);
  shop.now = new Date('2026-11-26T10:00:00Z');
  await shop.start();
  return shop;
}

/** The last day on which the finding of the pods is accepted; null where it is open. */
async function acceptedUntil(shop: WatchedCluster): Promise<string | null | undefined> {
  const { rows } = await hub.store.pool.query<{ until: string | null }>(
    `select exception->>'until' as until from finding
     where cluster_id = $1 and control = $2 and name = 'pg'`,
    [shop.id, TOKEN],
  );
  return rows[0]?.until;
}

describe('what pods without a collected controller say in an annotation whose text is not stored', () => {
  it.each([
    ['a later end', until('2026-11-30'), until('2027-01-31'), '2027-01-31'],
    ['an earlier end', until('2027-01-31'), until('2026-11-30'), '2026-11-30'],
    ['an end that is over', until('2027-01-31'), until('2026-10-31'), null],
    ['a day instead of what is none', until('tomorrow'), until('2027-01-31'), '2027-01-31'],
    ['what cannot be read', until('2027-01-31'), until('tomorrow'), null],
  ])(
    'counts as soon as it is %s, and nothing more is stored of them',
    async (what, before, after, expected) => {
      const shop = await watched(what, pod('pg-1', before));
      const { resource, change } = await shop.kept();

      shop.server.upsert(pod('pg-1', after));

      await expect.poll(() => acceptedUntil(shop), { timeout: 15_000 }).toBe(expected);
      expect(await shop.kept()).toMatchObject({ resource, change, resource_past: [] });
    },
    60_000,
  );

  it.each([
    ['the first', [until('2026-10-31'), until('2027-01-31')]],
    ['the second', [until('2027-01-31'), until('2026-10-31')]],
  ])(
    'accepts a finding when it does in all that show it: not where it is over in %s',
    async (what, [first = '', second = '']) => {
      const shop = await watched(what, pod('pg-1', first), pod('pg-2', second));

      expect(await acceptedUntil(shop)).toBeNull();

      for (const name of ['pg-1', 'pg-2']) shop.server.upsert(pod(name, until('2027-01-31')));
      await expect.poll(() => acceptedUntil(shop), { timeout: 15_000 }).toBe('2027-01-31');
    },
    60_000,
  );
});
