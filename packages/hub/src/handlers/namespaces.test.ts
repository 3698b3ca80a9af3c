import { readFileSync } from 'node:fs';
import { inventoryRoutes } from '@bulwark/api';
import { deleteCluster, type Scope, scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ListInput, namespaceItems } from './namespaces.ts';
import { TestHub } from './test-cluster.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const SHOP = scopeOf({ clusters: 'all', namespaces: ['shop'] });
const YAML = readFileSync(new URL('./test-shop.yaml', import.meta.url), 'utf8');
const NOON = new Date('2026-11-26T12:00:00Z');
const ONE = new Date('2026-11-26T13:00:00Z');
const TWO = new Date('2026-11-26T14:00:00Z');

/** As a sidecar injector makes it: the template of the Deployment says nothing of the capability. */
const INJECTED_POD = `
apiVersion: v1
kind: Pod
metadata:
  name: web-1-fghij
  namespace: shop
  labels: { app: web }
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: u, controller: true }]
spec:
  containers:
    - name: app
      image: example.com/web:1
      securityContext: { capabilities: { add: [NET_ADMIN] } }
`;

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  const prod = await hub.cluster('prod', { Pod: 'live' });
  await prod.show(YAML);
  hub.now = ONE;
  await prod.show(INJECTED_POD);
});

afterAll(() => hub?.stop());

async function list(query: ListInput, scope: Scope = ALL) {
  return inventoryRoutes.listNamespaces.response.parse(await namespaceItems(hub.store, scope, query, ONE));
}

async function names(query: ListInput): Promise<string[]> {
  return (await list(query)).items.map(({ name }) => name);
}

describe('the list of namespaces', () => {
  it('says how strict each could be, and what is in the way of more', async () => {
    const { items } = await list({ asOf: NOON.toISOString() });

    expect(
      items.map(({ name, enforced, possible, workloads, pods, hasPolicies }) => ({
        name,
        enforced,
        possible,
        workloads,
        pods,
        hasPolicies,
      })),
    ).toEqual([
      { name: 'empty', enforced: null, possible: 'restricted', workloads: 0, pods: 0, hasPolicies: false },
      { name: 'pay', enforced: null, possible: 'privileged', workloads: 1, pods: 0, hasPolicies: false },
      {
        name: 'shop',
        enforced: 'baseline',
        possible: 'restricted',
        workloads: 1,
        pods: 1,
        hasPolicies: true,
      },
    ]);
    expect(items[1]?.blockedBy).toEqual(['host-pid', 'privileged-container', 'hostpath-volume', 'host-port']);
    expect(items[2]?.blockedBy).toEqual([]);
  });

  it('judges pods too, as what is injected stands in no template', async () => {
    const { items } = await list({ q: 'name:shop' });

    expect(items).toMatchObject([{ possible: 'privileged', blockedBy: ['capabilities-baseline'], pods: 2 }]);
  });

  it('says what the level that it enforces would refuse, by the name of what makes the pods', async () => {
    const [then] = (await list({ q: 'name:shop', asOf: NOON.toISOString() })).items;
    const [now] = (await list({ q: 'name:shop' })).items;

    expect(then).toMatchObject({ enforced: 'baseline', refusedCount: 0, refused: [] });
    expect(now).toMatchObject({
      enforced: 'baseline',
      refusedCount: 1,
      refused: [{ kind: 'Deployment', group: 'apps', name: 'web', controls: ['capabilities-baseline'] }],
    });
    expect((await list({ q: 'name:pay' })).items).toMatchObject([{ enforced: null, refused: [] }]);
  });

  const NEWEST = ['allow-privilege-escalation', 'seccomp-profile-required', 'capabilities-drop-all'];

  it.each([
    // None of these is among the rules of that version.
    ['v1.7', '1.7', []],
    ['v1.19', '1.19', ['allow-privilege-escalation', 'seccomp-profile-required']],
    ['v1.34', null, NEWEST],
    ['v1.36', null, NEWEST],
    ['latest', null, NEWEST],
    // To the API server it is the latest.
    ['1.7', null, NEWEST],
  ])(
    'judges what is refused by the version that it enforces: %s',
    async (label, enforcedVersion, controls) => {
      const pinned = await hub.cluster('pinned', { Pod: 'live', 'apps/Deployment': 'live' });
      const enforce = 'pod-security.kubernetes.io/enforce';
      await pinned.show(`
apiVersion: v1
kind: Namespace
metadata: { name: old, labels: { ${enforce}: restricted, ${enforce}-version: ${label} } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: old }
spec:
  template:
    spec:
      securityContext: { runAsNonRoot: true, runAsUser: 1000 }
      containers: [{ name: app, image: "example.com/web:1" }]
`);
      await pinned.flush();
      const { items } = await list({ q: 'name:old' }, scopeOf({ clusters: [pinned.id], namespaces: 'all' }));
      await deleteCluster(hub.store, pinned.id);

      const refused = controls.length === 0 ? [] : [{ name: 'web', controls }];
      expect(items).toMatchObject([
        {
          enforced: 'restricted',
          enforcedVersion,
          refusedCount: refused.length,
          refused,
          possible: 'baseline',
        },
      ]);
      expect(items[0]?.refused).toHaveLength(refused.length);
    },
  );

  it('names all that would be refused where one namespace is asked for', async () => {
    const names = Array.from({ length: 30 }, (_each, index) => `web-${String(index).padStart(2, '0')}`);
    const many = await hub.cluster('many', { Pod: 'live', 'apps/Deployment': 'live' });
    const deployments = names.map(
      (name) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: crowd }
spec: { template: { spec: { hostPID: true, containers: [{ name: app, image: "example.com/web:1" }] } } }
`,
    );
    const namespace = `
apiVersion: v1
kind: Namespace
metadata: { name: crowd, labels: { pod-security.kubernetes.io/enforce: baseline } }
`;
    await many.show([namespace, ...deployments].join('---\n'));
    await many.flush();
    const { items } = await list({ q: 'name:crowd' }, scopeOf({ clusters: [many.id], namespaces: 'all' }));
    await deleteCluster(hub.store, many.id);

    expect(items.map(({ refusedCount, refused }) => [refusedCount, refused.map(({ name }) => name)])).toEqual(
      [[30, names]],
    );
  });

  it('does not say how strict one could be where what runs is not seen, unless it cannot be less strict', async () => {
    const blind = await hub.cluster('blind', { Pod: 'live', 'apps/Deployment': 'live' });
    await blind.show(YAML);
    await blind.flush();
    hub.now = TWO;
    await blind.sees('apps/Deployment', 'denied');
    await blind.sees('Pod', 'pending');
    await blind.flush();
    const scope = scopeOf({ clusters: [blind.id], namespaces: 'all' });
    const known = async (query: ListInput) =>
      (await list(query, scope)).items.map(({ name, possible, notKnown }) => [name, possible, notKnown]);
    const now = await known({});
    const then = await known({ asOf: ONE.toISOString() });
    await deleteCluster(hub.store, blind.id);

    const notKnown = 'Pods and Deployments could not be read';
    expect(now).toEqual([
      ['empty', null, notKnown],
      ['pay', 'privileged', null],
      ['shop', null, notKnown],
    ]);
    expect(then).toEqual([
      ['empty', 'restricted', null],
      ['pay', 'privileged', null],
      ['shop', 'restricted', null],
    ]);
  });

  it('finds and sorts by severity and owner', async () => {
    expect((await names({ sort: '-severity' }))[0]).toBe('pay');
    expect((await names({ sort: 'severity' })).at(-1)).toBe('pay');
    expect(await names({ q: 'severity:critical' })).toEqual(['pay']);
    // Something is found about each Namespace itself.
    expect(await names({ q: 'severity:none' })).toEqual([]);
    expect(await names({ q: 'findings:>0 name:empty' })).toEqual(['empty']);
    expect(await names({ q: 'findings:>0 owner:storefront' })).toEqual(['shop']);
    expect(await names({ q: 'label:team=pay*' })).toEqual(['pay']);
    expect(await names({ q: 'owner:none' })).toEqual(['empty']);
    await expect(list({ q: 'kind:Pod' })).rejects.toMatchObject({ code: 'bad-query' });
  });

  it('counts the findings of a moment, and pages', async () => {
    const asOf = new Date('2026-11-26T11:00:00Z').toISOString();
    const first = await list({ sort: '-severity', limit: 2 });
    const second = await list({ sort: '-severity', limit: 2, cursor: first.next ?? '' });
    const now = first.items[0]?.findings;
    const then = (await list({ q: 'name:pay', asOf: NOON.toISOString() })).items[0]?.findings;

    expect(await names({ asOf })).toEqual([]);
    expect(then).toEqual(now);
    expect([...first.items, ...second.items].map(({ name }) => name)).toHaveLength(3);
    expect(second.next).toBeNull();
  });

  it('shows a caller their namespaces only', async () => {
    const { items, total } = await list({}, SHOP);

    expect(items.map(({ name }) => name)).toEqual(['shop']);
    expect(total).toBe(1);
  });
});
