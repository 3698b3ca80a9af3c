import { readFileSync } from 'node:fs';
import { inventoryRoutes } from '@bulwark/api';
import { type Scope, scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListInput } from './namespaces.ts';
import { secretDetail, secretItems } from './secrets.ts';
import { TestHub } from './test-cluster.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const SHOP = scopeOf({ clusters: 'all', namespaces: ['shop'] });
const YAML = readFileSync(new URL('./test-shop.yaml', import.meta.url), 'utf8');
const NOON = new Date('2026-11-26T12:00:00Z');
const ONE = new Date('2026-11-26T13:00:00Z');

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  const prod = await hub.cluster('prod', { Pod: 'live', Secret: 'live' });
  const test = await hub.cluster('test', { Pod: 'live', Secret: 'withheld' });
  const parts = YAML.split('---\n');
  await prod.show(YAML);
  await test.show(parts.filter((part) => /kind: (Deployment|Namespace)/.test(part)).join('---\n'));
  hub.now = ONE;
  await prod.remove('Secret', 'shop', 'database');
  await prod.remove('rbac.authorization.k8s.io/ClusterRoleBinding', '', 'auditors');
});

afterAll(() => hub?.stop());

async function list(query: ListInput, scope: Scope = ALL) {
  return inventoryRoutes.listSecrets.response.parse(await secretItems(hub.store, scope, query, ONE));
}

async function names(query: ListInput, scope: Scope = ALL): Promise<string[]> {
  const { items } = await list(query, scope);
  return items.map(({ cluster, namespace, name }) => `${cluster.name} ${namespace}/${name}`);
}

describe('the list of secrets', () => {
  it('has what was seen and what is only named, with who uses and may read each', async () => {
    const { items, total } = await list({ q: 'cluster:prod', asOf: NOON.toISOString() });

    expect(total).toBe(5);
    expect(
      items.map(({ name, exists, mountedBy, readableBy }) => [name, exists, mountedBy, readableBy]),
    ).toEqual([
      ['forgotten', true, [], ['ServiceAccount pay/agent', 'User jane']],
      ['own-registry', false, ['DaemonSet agent'], ['ServiceAccount pay/agent', 'User jane']],
      [
        'database',
        true,
        ['Deployment web'],
        ['ServiceAccount pay/agent', 'ServiceAccount shop/web', 'User jane'],
      ],
      [
        'registry',
        false,
        ['Deployment web', 'ServiceAccount web'],
        ['ServiceAccount pay/agent', 'User jane'],
      ],
      ['shop-tls', true, ['Deployment web', 'Ingress front'], ['ServiceAccount pay/agent', 'User jane']],
    ]);
    expect(items.find(({ name }) => name === 'shop-tls')).toMatchObject({
      type: 'kubernetes.io/tls',
      keys: ['tls.crt', 'tls.key'],
      certificate: { subject: 'CN=shop.example.com', names: ['shop.example.com'] },
      owner: 'storefront',
    });
  });

  it('follows changes of secrets and of rights', async () => {
    const { items } = await list({ q: 'cluster:prod name:database' });

    expect(items).toMatchObject([
      {
        exists: false,
        type: null,
        keys: [],
        mountedBy: ['Deployment web'],
        readableBy: ['ServiceAccount shop/web'],
      },
    ]);
  });

  it('does not say that a secret is missing where secrets may not be read', async () => {
    const { items } = await list({ q: 'cluster:test' });

    expect(items.map(({ name, exists, type }) => [name, exists, type])).toEqual([
      ['database', null, null],
      ['shop-tls', null, null],
    ]);
  });

  it.each([
    ['used:no', ['prod pay/forgotten']],
    ['exists:no', ['prod pay/own-registry', 'prod shop/database', 'prod shop/registry']],
    ['exists:none', ['test shop/database', 'test shop/shop-tls']],
    ['type:*tls', ['prod shop/shop-tls']],
    ['key:token', ['prod pay/forgotten']],
    ['used-by:"Ingress front"', ['prod shop/shop-tls']],
    ['readable-by:*web', ['prod shop/database']],
    ['expires:<2027-01-01', ['prod shop/shop-tls']],
    ['owner:payments', ['prod pay/forgotten', 'prod pay/own-registry']],
    ['regis -own', ['prod shop/registry']],
  ])('finds %s', async (q, expected) => {
    expect(await names({ q })).toEqual(expected);
  });

  it('pages in every order without gaps or doubles', async () => {
    for (const sort of ['namespace', '-namespace', 'name', 'users', '-expires', 'first-seen']) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await list({ sort, limit: 2, ...(cursor !== undefined && { cursor }) });
        seen.push(...page.items.map(({ cluster, name }) => `${cluster.name} ${name}`));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      expect(new Set(seen).size).toBe(7);
      expect(seen).toHaveLength(7);
    }
    await expect(list({ sort: 'constructor' })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(list({ cursor: 'eHh4' })).rejects.toMatchObject({ code: 'bad-cursor' });
    await expect(list({ q: 'typ:x' })).rejects.toMatchObject({ code: 'bad-query' });
  });

  it('is narrowed to a namespace without losing who may read them from elsewhere', async () => {
    const page = await list({ asOf: NOON.toISOString(), namespace: 'pay' });

    expect(page.items.map(({ cluster, name }) => `${cluster.name} ${name}`)).toEqual([
      'prod forgotten',
      'prod own-registry',
    ]);
    expect(page.items[0]?.readableBy).toEqual(['ServiceAccount pay/agent', 'User jane']);
  });

  it('shows nothing of other namespaces, and says what is left out', async () => {
    const page = await list({ asOf: NOON.toISOString() }, SHOP);

    expect(page.items.map(({ namespace }) => namespace)).toEqual(Array(5).fill('shop'));
    expect(JSON.stringify(page)).not.toMatch(/\bpay\b|jane/);
    expect(page.items[0]?.readableBy).toEqual([
      'ServiceAccount shop/web',
      'whoever cluster-wide roles and bindings let: not shown, as you see some namespaces only',
    ]);
  });
});

describe('one secret', () => {
  async function detail(namespace: string, name: string, scope: Scope = ALL) {
    const { items } = await list({ q: 'cluster:prod', asOf: NOON.toISOString() });
    const cluster = items[0]?.cluster.id ?? 0;
    return inventoryRoutes.getSecret.response.parse(
      await secretDetail(hub.store, scope, { cluster, namespace, name, now: ONE, asOf: NOON }),
    );
  }

  it('says by which binding and role each may read it, and which objects use it', async () => {
    const { users, readers, readableBy, mountedBy, isWhole } = await detail('shop', 'database');

    expect(isWhole).toBe(true);
    expect(users.map(({ kind, name }) => `${kind} ${name}`)).toEqual(mountedBy);
    expect(users).toMatchObject([{ group: 'apps', namespace: 'shop', isWorkload: true }]);
    expect(
      new Set(
        readers.map(({ subject: { kind, namespace, name } }) =>
          kind === 'ServiceAccount' ? `${kind} ${namespace}/${name}` : `${kind} ${name}`,
        ),
      ),
    ).toEqual(new Set(readableBy));
    for (const { verbs, binding, role } of readers) {
      expect(verbs.length).toBeGreaterThan(0);
      expect(binding.kind).toMatch(/^(Cluster)?RoleBinding$/);
      expect(role.kind).toMatch(/^(Cluster)?Role$/);
      expect(binding.group).toBe('rbac.authorization.k8s.io');
    }
    expect(readers.find(({ subject }) => subject.name === 'jane')?.binding).toMatchObject({
      kind: 'ClusterRoleBinding',
      name: 'auditors',
    });
  });

  it.each([
    ['it is there', ALL, 'web', true],
    ['it is only named by a binding', ALL, 'agent', false],
    ['it is no object', ALL, 'jane', null],
    ['it is there, for who sees its namespace alone', SHOP, 'web', true],
  ])('says of who may read it whether %s', async (_what, scope, name, exists) => {
    const { readers } = await detail('shop', 'database', scope);

    expect(readers.find(({ subject }) => subject.name === name)?.subject.exists).toBe(exists);
  });

  it('says no more than the limits of who asks, and that there may be more', async () => {
    const found = await detail('shop', 'database', SHOP);

    expect(found.isWhole).toBe(false);
    expect(found.readers.map(({ subject }) => subject.name)).toEqual(['web']);
    await expect(detail('pay', 'forgotten', SHOP)).rejects.toMatchObject({ code: 'not-found' });
  });
});
