import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addressOf,
  HubClient,
  ROUTES,
  type Role,
  type RouteContract,
  type RouteId,
  type RouteResult,
} from '@bulwark/api';
import { openStore, type Store } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueToken } from './access/issue.ts';
import type { Limits } from './access/limits.ts';
import { type TestCluster, TestHub } from './handlers/test-cluster.ts';
import { hubOptionsForTests } from './hub.testing.ts';
import { type Hub, startHub } from './hub.ts';

const START_MS = 240_000;
const NOON = new Date('2026-11-26T12:00:00Z');
const LATER = new Date('2026-11-26T12:10:00Z');
const EVERYTHING: Limits = { clusters: 'all', namespaces: 'all' };
const SHOP: Limits = { clusters: 'all', namespaces: ['shop'] };

const space = (name: string, labels: string): string => `
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { team: ${name}-team${labels} } }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: ${name} }
spec: { hostPID: true, containers: [{ name: app, image: 'example.com/web:1' }] }
`;

/** It has the name of the namespace, and lies in none. */
const ROLE = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: shop }
rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
`;

let recorded: TestHub;
let cluster: TestCluster;
let store: Store;
let hub: Hub;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-namespaces-'));
  recorded = await TestHub.start(NOON);
  const kinds = ['Namespace', 'Pod', 'rbac.authorization.k8s.io/ClusterRole'];
  cluster = await recorded.cluster('prod', Object.fromEntries(kinds.map((kind) => [kind, 'live' as const])));
  await cluster.show([ROLE, space('shop', ''), space('pay', '')].join('---'));
  recorded.now = LATER;
  const level = 'pod-security.kubernetes.io/enforce';
  await cluster.show(space('shop', `, ${level}: privileged`));
  store = await openStore({ url: recorded.url, now: LATER });
  hub = await startHub(hubOptionsForTests({ databaseUrl: recorded.url, folder, now: () => LATER }));
}, START_MS);

afterAll(async () => {
  await hub?.stop();
  await store?.close();
  await recorded?.stop();
  rmSync(folder, { recursive: true, force: true });
}, START_MS);

/** Somebody who asks, perhaps for one namespace. */
interface Asker {
  readonly get: <Id extends RouteId>(
    id: Id,
    query?: Readonly<Record<string, unknown>>,
    params?: Readonly<Record<string, unknown>>,
  ) => Promise<RouteResult<(typeof ROUTES)[Id]>>;
  readonly post: <Id extends RouteId>(id: Id, body: unknown) => Promise<RouteResult<(typeof ROUTES)[Id]>>;
  /** What a route streams. */
  readonly text: (
    id: RouteId,
    query: Readonly<Record<string, unknown>>,
    params?: Readonly<Record<string, unknown>>,
  ) => Promise<string>;
}

async function askerOf(limits: Limits, namespace?: string, role: Role = 'viewer'): Promise<Asker> {
  const request = { name: 'somebody', role, limits, days: 1 };
  const { secret } = await issueToken(store, request, { owner: 'ann', now: LATER });
  const headers = { authorization: `Bearer ${secret}` };
  const client = new HubClient(
    (url, init) => fetch(url, init),
    hub.url,
    () => headers,
  );
  const narrowed = (id: RouteId, query: Readonly<Record<string, unknown>>) => {
    const { query: asked }: RouteContract = ROUTES[id];
    return asked !== undefined && 'namespace' in asked.shape ? { ...query, namespace } : query;
  };
  return {
    get: (id, query = {}, params = {}) => client.call(id, { params, query: narrowed(id, query) } as never),
    post: (id, body) => client.call(id, { body } as never),
    text: async (id, query, params) =>
      (await fetch(hub.url + addressOf(ROUTES[id], params, narrowed(id, query)), { headers })).text(),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
const fingerprints = (items: readonly { readonly fingerprint: string }[]): string[] =>
  items.map(({ fingerprint }) => fingerprint).sort();

const OF_NAMESPACES = { q: 'kind:Namespace' };
const NSA = { id: 'nsa-cisa-1.2' };

/** The findings about the Namespace `shop`, as somebody who sees everything has them by its name. */
async function known(): Promise<RouteResult<typeof ROUTES.listFindings>['items']> {
  const all = await askerOf(EVERYTHING);
  return (await all.get('listFindings', { q: 'kind:Namespace name:shop' })).items;
}

/** What is found of it by those who look into that namespace, and what should be. */
type Face = (
  asker: Asker,
  found: Awaited<ReturnType<typeof known>>,
) => Promise<readonly [found: unknown, expected: unknown]>;

const FACES: Readonly<Record<string, Face>> = {
  'the list of findings': async (asker, found) => [
    fingerprints((await asker.get('listFindings', OF_NAMESPACES)).items),
    fingerprints(found),
  ],
  'the list as of a moment': async (asker) => [
    (await asker.get('listFindings', { ...OF_NAMESPACES, asOf: NOON.toISOString() })).items
      .map(({ control, resource }) => [control, resource.namespace, resource.name])
      .filter(([control]) => control?.startsWith('psa-')),
    [['psa-label-missing', '', 'shop']],
  ],
  'the export': async (asker, found) => [
    fingerprints(
      (await asker.text('exportFindings', { ...OF_NAMESPACES, format: 'jsonl' }))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { fingerprint: string }),
    ),
    fingerprints(found),
  ],
  'the groups by namespace': async (asker, found) => [
    (await asker.get('groupFindings', { ...OF_NAMESPACES, by: 'namespace' })).items.map(
      ({ title, findings }) => [title, findings],
    ),
    [['shop', found.length]],
  ],
  'the groups by object': async (asker, found) => [
    (await asker.get('groupFindings', { ...OF_NAMESPACES, by: 'workload' })).items.map(
      ({ title, findings }) => [title, findings],
    ),
    [['Namespace shop', found.length]],
  ],
  'the queue': async (asker, found) => {
    const { items } = await asker.get('getQueue', OF_NAMESPACES);
    const all = items.flatMap(({ findings, told, causes }) => [
      findings,
      ...[...told, ...causes].map((each) => each.findings),
    ]);
    return [sum(all), found.length];
  },
  'the number that is open': async (asker) => {
    const { open } = await asker.get('getQueue');
    return [open, (await asker.get('listFindings')).total];
  },
  'the list of controls': async (asker, found) => {
    const { items } = await asker.get('listControls');
    const ids = new Set(found.map(({ control }) => control));
    return [sum(items.filter(({ id }) => ids.has(id)).map(({ findings }) => findings)), found.length];
  },
  'the list of teams': async (asker) => {
    const { items } = await asker.get('listTeams');
    const owned = await asker.get('listFindings', { q: 'owner:shop-team' });
    return [
      items.map(({ owner, findings }) => [owner, sum(Object.values(findings))]),
      [['shop-team', owned.total]],
    ];
  },
  'a framework': async (asker) => {
    const { requirements } = await asker.get('getFramework', {}, NSA);
    const quota = requirements.find(({ controls }) => controls.includes('resource-quota-missing'));
    return [quota, expect.objectContaining({ verdict: 'fail', findings: expect.any(Number) })];
  },
  'a framework as of a moment': async (asker) => {
    const asOf = NOON.toISOString();
    const { requirements } = await asker.get('getFramework', { asOf }, NSA);
    const quota = requirements.find(({ controls }) => controls.includes('resource-quota-missing'));
    return [quota?.verdict, 'fail'];
  },
  "an auditor's report": async (asker, found) => {
    const report = await asker.text('exportFramework', { format: 'json' }, NSA);
    const quota = found.find(({ control }) => control === 'resource-quota-missing');
    return [report.includes(quota?.fingerprint ?? 'none'), true];
  },
  'the list of namespaces': async (asker) => {
    const { items } = await asker.get('listNamespaces');
    const { total } = await asker.get('listFindings');
    return [items.map(({ name, findings }) => [name, sum(Object.values(findings))]), [['shop', total]]];
  },
  'the list of objects': async (asker, found) => {
    const { items } = await asker.get('listResources', OF_NAMESPACES);
    return [items.map(({ resource, findings }) => [resource.name, findings]), [['shop', found.length]]];
  },
  'what a change did': async (asker) => {
    const { items } = await asker.get('listChanges', OF_NAMESPACES);
    const [change] = items;
    const { findings } = await asker.get('getChange', {}, { cluster: cluster.id, id: change?.id });
    return [
      [
        items.length,
        change?.opened,
        change?.resolved,
        findings.map(({ verb, control }) => `${verb} ${control}`),
      ],
      [1, 1, 1, ['resolved psa-label-missing', 'opened psa-level-privileged']],
    ];
  },
  'what came and went': async (asker) => {
    const query = { ...OF_NAMESPACES, from: NOON.toISOString() };
    const { items } = await asker.get('compareFindings', query);
    return [
      items.map(({ move, control }) => `${move} ${control}`).sort(),
      ['came psa-level-privileged', 'went psa-label-missing'],
    ];
  },
  'the completion of queries': async (asker) => {
    const query = { list: 'findings', q: 'kind:Name' };
    const { items } = await asker.get('complete', query);
    return [items.map(({ text }) => text), ['Namespace']];
  },
};

const LOOKS: readonly [who: string, asker: () => Promise<Asker>][] = [
  ['somebody who is limited to it', () => askerOf(SHOP)],
  ['somebody who is limited by a pattern', () => askerOf({ clusters: 'all', namespaces: ['sh*'] })],
  ['somebody who has chosen it', () => askerOf(EVERYTHING, 'shop')],
];

describe.each(LOOKS)('what is found about a Namespace is told to %s', (_who, asker) => {
  it.each(Object.entries(FACES))('by %s', async (_name, face) => {
    const [found, expected] = await face(await asker(), await known());

    expect(found).toEqual(expected);
  });
});

describe('what is found about a Namespace', () => {
  it('is found by a query for that namespace, with its object as Kubernetes names it', async () => {
    const all = await askerOf(EVERYTHING);
    const { items } = await all.get('listFindings', { q: 'namespace:shop kind:Namespace' });

    expect(items.length).toBeGreaterThan(2);
    expect(fingerprints(items)).toEqual(fingerprints(await known()));
    expect(new Set(items.map(({ resource }) => JSON.stringify(resource)))).toEqual(
      new Set([JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'shop' })]),
    );
    const none = await all.get('listFindings', { q: 'namespace:none' });
    expect(new Set(none.items.map(({ resource }) => resource.kind))).toEqual(new Set(['ClusterRole']));
  });

  it('is shown in full, with its object, to who is limited to it, and to nobody elsewhere', async () => {
    const [shop, pay] = [await askerOf(SHOP), await askerOf({ clusters: 'all', namespaces: ['pay'] })];
    for (const { fingerprint } of await known()) {
      const key = { cluster: cluster.id, fingerprint };
      const { resource, yaml, history } = await shop.get('getFinding', {}, key);
      expect([resource.namespace, resource.name, history.length]).toEqual(['', 'shop', 1]);
      expect(yaml?.text).toContain('kind: Namespace');
      await expect(pay.get('getFinding', {}, key)).rejects.toMatchObject({ problem: { status: 404 } });
    }
  });

  it('is not told elsewhere, and what lies in no namespace is not told in it', async () => {
    const pay = await (await askerOf({ clusters: 'all', namespaces: ['pay'] })).get(
      'listFindings',
      OF_NAMESPACES,
    );
    const shop = await (await askerOf(SHOP)).get('listFindings', { q: 'kind:ClusterRole' });

    expect(new Set(pay.items.map(({ resource }) => resource.name))).toEqual(new Set(['pay']));
    expect(shop.items).toEqual([]);
  });

  it('is as much as its object says, by name and in full', async () => {
    const shop = await askerOf(SHOP);
    const key = { cluster: cluster.id, kind: 'Namespace', namespace: '-', name: 'shop' };
    const { findings } = await shop.get('getResource', {}, key);
    const { findings: before } = await shop.get('getResource', { asOf: NOON.toISOString() }, key);

    expect([findings, before]).toEqual([(await known()).length, (await known()).length]);
  });

  it('is accepted by who is limited to it, all at once, in that namespace', async () => {
    const editor = await askerOf(SHOP, undefined, 'editor');
    const body = { q: 'control:psa-level-privileged' };
    const { matches, digest } = await editor.post('previewSelection', body);
    const accept = { ...body, matches, digest, reason: 'It holds the node agents.' };
    const { items } = await editor.post('exceptSelection', accept);

    expect(matches).toBe(1);
    expect(items).toMatchObject([{ scope: { clusters: [cluster.id], namespaces: ['shop'] }, covers: 1 }]);
  });
});
