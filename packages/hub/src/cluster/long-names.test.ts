import { randomBytes } from 'node:crypto';
import { type JsonObject, shortName } from '@bulwark/core';
import { customKind } from '@bulwark/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestHub } from '../handlers/test-cluster.ts';
import { objectsOf, tellingHub, WatchedCluster } from './watched.testing.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await tellingHub();
}, 60_000);

afterAll(() => hub?.stop());

/** Six thousand letters; what is not random is compressed, and fits into any index. */
const long = (): string => randomBytes(3000).toString('hex');

const RBAC_GROUP = 'rbac.authorization.k8s.io';
const RBAC = `${RBAC_GROUP}/v1`;
const POD = { hostPID: true, containers: [{ name: 'a', image: 'x:1' }] };
const CANARY = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'canary', namespace: 'shop' }, spec: POD };

function role(name: string): JsonObject {
  return {
    apiVersion: RBAC,
    kind: 'Role',
    metadata: { name, namespace: 'shop' },
    rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
  };
}

function binding(name: string): JsonObject {
  return {
    apiVersion: RBAC,
    kind: 'RoleBinding',
    metadata: { name: 'all', namespace: 'shop' },
    roleRef: { apiGroup: RBAC_GROUP, kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'shop' }],
  };
}

function owned(name: string): JsonObject {
  const owner = { apiVersion: `${name}/v1`, kind: name, name, uid: 'u', controller: true };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'owned', namespace: 'shop', ownerReferences: [owner] },
    spec: POD,
  };
}

function workspace(name: string): JsonObject {
  const template = {
    spec: { hostPID: true, containers: [{ name, image: 'x:1', securityContext: { privileged: true } }] },
  };
  return {
    apiVersion: 'example.org/v1',
    kind: 'Workspace',
    metadata: { name, namespace: 'shop' },
    spec: { template },
  };
}

it.each([
  ['a role', role],
  ['a role that a binding names', binding],
  ['an owner, its kind and its group', owned],
  ['a container, and what it stands in', workspace],
])('a name of six thousand letters of %s keeps nothing beside it from being stored', async (what, make) => {
  const shop = await WatchedCluster.inTest(
    hub,
    what,
    objectsOf('{ apiVersion: v1, kind: Namespace, metadata: { name: shop } }'),
  );
  shop.server.upsert(customKind('Workspace', { podAt: 'spec.template' }));
  const name = long();
  shop.server.upsert(make(name));
  await shop.start();
  shop.server.upsert(CANARY);

  const seen = async () => (await shop.kept())['finding']?.map((row) => row['name']);
  await expect.poll(seen, { timeout: 20_000 }).toContain('canary');
  expect(JSON.stringify(await shop.kept())).not.toContain(name);
});

it.each([
  ['has U+FFFD where that has U+0000', 'a\0b', 'a\ufffdb'],
  ['is the short name of that', 'r'.repeat(300), shortName('r'.repeat(300))],
])(
  'what grants all is found beside what grants nothing and is called so that it %s',
  async (what, name, other) => {
    const shop = await WatchedCluster.inTest(
      hub,
      what,
      objectsOf('{ apiVersion: v1, kind: Namespace, metadata: { name: shop } }'),
    );
    shop.server.upsert(role(name));
    shop.server.upsert(binding(name));
    await shop.start();
    const rolesIn = async (table: string) => {
      const rows = (await shop.kept())[table] ?? [];
      return rows.flatMap(({ kind, name }) => (kind === `${RBAC_GROUP}/Role` ? [name] : []));
    };
    const roles = () => rolesIn('resource');
    const found = () => rolesIn('finding');
    const granting = await found();
    expect(granting.length).toBeGreaterThan(0);

    shop.server.upsert({ ...role(other), rules: [] });
    await expect.poll(roles, { timeout: 20_000 }).toHaveLength(2);
    expect(await found()).toEqual(granting);

    shop.server.delete({ apiVersion: RBAC, kind: 'Role', namespace: 'shop', name: other });
    await expect.poll(roles, { timeout: 20_000 }).toEqual([shortName(name)]);
    expect(await found()).toEqual(granting);
  },
);
