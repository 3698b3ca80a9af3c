import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXPORTED, type ExportId, type LiveEvent, ROUTES, type Role, type RouteContract } from '@bulwark/api';
import { namespaceOf, type ResourceRef } from '@bulwark/core';
import { openStore, type Store } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueToken } from './access/issue.ts';
import type { Limits } from './access/limits.ts';
import { BUILD } from './build-record.testing.ts';
import { type TestCluster, TestHub } from './handlers/test-cluster.ts';
import { hubOptionsForTests } from './hub.testing.ts';
import { type Hub, startHub } from './hub.ts';

const START_MS = 240_000;
const NOON = new Date('2026-11-26T12:00:00Z');
const EVERYTHING: Limits = { clusters: 'all', namespaces: 'all' };

/** Part of every name and text that lies beyond the limits. */
const BEYOND = 'zzbeyond';

const space = (name: string): string => `
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { team: ${name}-team } }
`;

const deployed = (namespace: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${namespace}-web, namespace: ${namespace}, labels: { team: ${namespace}-team } }
spec:
  selector: { matchLabels: { app: ${namespace}-web } }
  template:
    metadata: { labels: { app: ${namespace}-web } }
    spec:
      hostPID: true
      serviceAccountName: ${namespace}-web
      containers:
        - name: ${namespace}-app
          image: example.com/${namespace}-image:1
          env: [{ name: PASSWORD, valueFrom: { secretKeyRef: { name: ${namespace}-secret, key: password } } }]
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: ${namespace}-web, namespace: ${namespace} }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: ${namespace}-binding, namespace: ${namespace} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: ${namespace}-web, namespace: ${namespace} }]
`;

const WIDE = `
apiVersion: v1
kind: Node
metadata: { name: ${BEYOND}-node }
spec: {}
status: { nodeInfo: { kubeletVersion: v1.34.0, kernelVersion: ${BEYOND}-kernel } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: ${BEYOND}-role }
rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
`;

const KINDS = [
  'Namespace',
  'Node',
  'ServiceAccount',
  'apps/Deployment',
  'rbac.authorization.k8s.io/RoleBinding',
  'rbac.authorization.k8s.io/ClusterRole',
];

let recorded: TestHub;
let cluster: TestCluster;
let store: Store;
let hub: Hub;
let folder: string;

interface Asked {
  readonly method?: string;
  readonly body?: unknown;
}

async function tokenOf(role: Role, limits: Limits): Promise<string> {
  const request = { name: 'somebody', role, limits, days: 1 };
  return (await issueToken(store, request, { owner: 'ann', now: NOON })).secret;
}

async function ask(token: string, path: string, { method = 'GET', body }: Asked = {}) {
  const answer = await fetch(`${hub.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

async function namesOf(token: string, list: string): Promise<string[]> {
  const { items } = JSON.parse((await ask(token, `/api/v1/${list}`)).text) as {
    items: { name?: string; resource?: ResourceRef }[];
  };
  return [
    ...new Set(
      items.map(({ name, resource }) => name ?? (resource === undefined ? '' : namespaceOf(resource))),
    ),
  ].sort();
}

/** What stands for the parts of paths, for what lies within and what lies beyond. */
async function partsOf(namespace: string): Promise<Record<string, readonly string[]>> {
  const one = async (text: string): Promise<string[]> =>
    (await store.pool.query<{ value: string }>(text, [cluster.id, namespace])).rows.map(({ value }) =>
      String(value).replaceAll('-', ''),
    );
  return {
    ':cluster': [String(cluster.id)],
    ':id': [
      ...new Set([
        String(cluster.id),
        '1',
        '2',
        'pss-baseline',
        ...(await one('select id as value from change where cluster_id = $1 and namespace = $2 order by id')),
      ]),
    ],
    ':fingerprint': await one(
      'select fingerprint as value from finding where cluster_id = $1 and namespace = $2 order by 1 limit 3',
    ),
    ':kind': ['Deployment.apps'],
    ':namespace': [namespace],
    ':name': [`${namespace}-web`, `${namespace}-secret`],
  };
}

const QUERIES: Readonly<Record<string, readonly string[]>> = {
  complete: [
    ...['namespace:', 'owner:', 'name:', 'label:team='].map(
      (q) => `list=workloads&q=${encodeURIComponent(q)}`,
    ),
    ...['namespace:', 'kind:', 'name:', 'owner:', 'container:', 'image:'].map(
      (q) => `list=findings&q=${encodeURIComponent(q)}`,
    ),
    ...['exceptions', 'builds', 'changes', 'secrets', 'coverage', 'namespaces', 'resources'].flatMap((list) =>
      ['namespace:', 'name:', 'owner:'].map((q) => `list=${list}&q=${q}`),
    ),
  ],
  groupFindings: ['control', 'namespace', 'owner', 'workload'].map((by) => `by=${by}`),
  ...Object.fromEntries(Object.keys(EXPORTED).map((id) => [id, ['format=csv', 'format=jsonl']])),
  exportComparison: ['format=csv', 'format=jsonl'].map((format) => `${format}&from=${NOON.toISOString()}`),
  compareObjects: [`from=${NOON.toISOString()}`],
  compareFindings: [`from=${NOON.toISOString()}`],
  compareObject: [`from=${NOON.toISOString()}`],
  exportFramework: ['format=html', 'format=json'],
  listViews: ['list=findings'],
};

/** Every address of the routes that only read and end, about what lies in a namespace. */
async function addresses(namespace: string): Promise<readonly [id: string, path: string][]> {
  const parts = await partsOf(namespace);
  return Object.values<RouteContract>(ROUTES)
    .filter(
      ({ method, stream, permission }) => method === 'GET' && stream !== 'events' && permission !== 'public',
    )
    .flatMap(({ id, path, query: asked }) => {
      let paths = [path as string];
      for (const [part, values] of Object.entries(parts))
        paths = paths.flatMap((each) =>
          each.split('/').includes(part)
            ? values.map((value) => each.replace(`/${part}`, `/${value}`))
            : [each],
        );
      const own = QUERIES[id] ?? [''];
      // Whoever names a place must not be told more of it than whoever does not.
      const isNarrowed = asked !== undefined && 'namespace' in asked.shape;
      const queries = isNarrowed ? own.flatMap((each) => [each, narrowed(each, namespace)]) : own;
      return paths.flatMap((each) =>
        queries.map((query): [string, string] => [id, query === '' ? each : `${each}?${query}`]),
      );
    });
}

function narrowed(query: string, namespace: string): string {
  return [...(query === '' ? [] : [query]), `namespace=${namespace}`].join('&');
}

/** What of an answer is of the one who asks, or of the moment. */
function withoutAsker(text: string): string {
  return text.replaceAll(/"(limits|madeBy|user|madeAt|namespaces)":("[^"]*"|\[[^\]]*\]|\{[^}]*\})/g, '');
}

async function walk(token: string, namespace: string): Promise<ReadonlyMap<string, string>> {
  const seen = new Map<string, string>();
  for (const [, path] of await addresses(namespace)) {
    const { status, text } = await ask(token, path);
    expect(status, `${path}: ${text}`).toBeLessThan(500);
    seen.set(path, text);
  }
  return seen;
}

const build = { ...BUILD, at: NOON.toISOString() };

const manifest = (namespace: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: `${namespace}-web`, namespace },
  spec: {},
});

/** What people decide about a namespace. */
async function decideAbout(namespace: string): Promise<void> {
  const admin = await tokenOf('admin', EVERYTHING);
  const post = async (path: string, body: unknown): Promise<void> => {
    const { status, text } = await ask(admin, path, { method: 'POST', body });
    expect([200, 204], text).toContain(status);
  };
  await post('/api/v1/exceptions', {
    scope: { controls: ['host-pid'], namespaces: [namespace] },
    reason: `${namespace} is known`,
  });
  await post('/api/v1/build-records', {
    ...build,
    repository: `example.com/${namespace}`,
    manifests: [manifest(namespace)],
  });
  const { rows } = await store.pool.query<{ fingerprint: string }>(
    `select replace(fingerprint::text, '-', '') as fingerprint from finding where namespace = $1 order by 1 limit 1`,
    [namespace],
  );
  const [first] = rows;
  if (first === undefined) throw new Error(`nothing is found in ${namespace}`);
  await post(`/api/v1/clusters/${cluster.id}/findings/${first.fingerprint}/comments`, {
    text: `about ${namespace}`,
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-limits-'));
  recorded = await TestHub.start(NOON);
  cluster = await recorded.cluster('prod', Object.fromEntries(KINDS.map((kind) => [kind, 'live' as const])));
  const names = ['pay-a', 'pay-b', `${BEYOND}-shop`];
  await cluster.show([WIDE, ...names.flatMap((name) => [space(name), deployed(name)])].join('---'));
  store = await openStore({ url: recorded.url, now: NOON });
  // What changes is known from the second look on.
  recorded.now = new Date(NOON.getTime() + 10_000);
  await cluster.show(
    names
      .map((name) => deployed(name).replace('hostPID: true', 'hostPID: true\n      hostNetwork: true'))
      .join('---'),
  );
  hub = await startHub(hubOptionsForTests({ databaseUrl: recorded.url, folder, now: () => recorded.now }));
  for (const name of names) await decideAbout(name);
}, START_MS);

afterAll(async () => {
  await hub?.stop();
  await store?.close();
  await recorded?.stop();
  rmSync(folder, { recursive: true, force: true });
}, START_MS);

describe('somebody with limits', () => {
  it.each([
    ['a pattern', { clusters: 'all', namespaces: ['pay*'] }],
    ['a pattern that fits nothing', { clusters: 'all', namespaces: ['*-none'] }],
    ['patterns of names that look like all', { clusters: 'all', namespaces: ['pay-*', 'pay%', 'p_y'] }],
    ['names', { clusters: 'all', namespaces: ['pay-a', 'pay-b'] }],
    ['no namespace', { clusters: 'all', namespaces: [] }],
  ] as const)(
    'to %s is told by no route of what lies beyond them',
    async (_what, limits) => {
      const token = await tokenOf('viewer', limits);
      for (const [path, text] of await walk(token, `${BEYOND}-shop`))
        expect(text, path).not.toContain(BEYOND);
      for (const [path, text] of await walk(token, 'pay-a')) expect(text, path).not.toContain(BEYOND);
    },
    START_MS,
  );

  it(
    'by a pattern that takes all namespaces sees nothing of what is in none',
    async () => {
      const token = await tokenOf('viewer', { clusters: 'all', namespaces: ['*'] });
      for (const [path, text] of await walk(token, `${BEYOND}-shop`)) {
        expect(text, path).not.toContain(`${BEYOND}-node`);
        expect(text, path).not.toContain(`${BEYOND}-role`);
      }
    },
    START_MS,
  );

  it(
    'is told by each route the same by a pattern as by the names that fit it',
    async () => {
      const byPattern = await walk(
        await tokenOf('viewer', { clusters: 'all', namespaces: ['pay*'] }),
        'pay-a',
      );
      const byName = await walk(
        await tokenOf('viewer', { clusters: 'all', namespaces: ['pay-a', 'pay-b'] }),
        'pay-a',
      );

      for (const [path, text] of byPattern)
        if (!path.endsWith('format=html'))
          expect(withoutAsker(text), path).toBe(withoutAsker(byName.get(path) ?? ''));
    },
    START_MS,
  );

  it(
    'is told what anybody without them is told by these routes',
    async () => {
      const token = await tokenOf('viewer', EVERYTHING);
      const told = new Set<string>();
      for (const [id, path] of await addresses(`${BEYOND}-shop`))
        if ((await ask(token, path)).text.includes(BEYOND)) told.add(id);

      // So that the walk is known to find what it looks for.
      const exports = (Object.keys(EXPORTED) as ExportId[]).filter((id) => TELLING.includes(EXPORTED[id].id));
      expect([...told].sort()).toEqual([...TELLING, ...exports].sort());
    },
    START_MS,
  );

  it('decides about nothing beyond them', async () => {
    const token = await tokenOf('editor', { clusters: 'all', namespaces: ['pay*'] });
    const { rows } = await store.pool.query<{ fingerprint: string }>(
      `select replace(fingerprint::text, '-', '') as fingerprint from finding where namespace = $1`,
      [`${BEYOND}-shop`],
    );
    const findings = rows.map(({ fingerprint }) => ({ cluster: cluster.id, fingerprint }));
    const post = (path: string, body: unknown) => ask(token, path, { method: 'POST', body });
    const scope = (...namespaces: string[]) => ({
      scope: { controls: ['host-pid'], namespaces },
      reason: 'because',
    });

    const triaged = await post('/api/v1/findings/triage', { findings, acknowledged: true });
    const previewed = await post('/api/v1/findings/selection', { q: `namespace:${BEYOND}*` });
    expect([triaged.status, triaged.text, previewed.status]).toEqual([
      200,
      JSON.stringify({ changed: 0 }),
      200,
    ]);
    expect(JSON.parse(previewed.text)).toMatchObject({ matches: 0 });
    for (const names of [[`${BEYOND}-shop`], ['*'], ['p*'], ['pay-a', `${BEYOND}-shop`]])
      expect((await post('/api/v1/exceptions', scope(...names))).status, String(names)).toBe(403);
    expect((await post('/api/v1/exceptions/preview', scope('pay*', 'pay-later'))).status).toBe(200);
  });

  it('to all namespaces accepts nothing of what is in none', async () => {
    const token = await tokenOf('editor', { clusters: 'all', namespaces: ['*'] });
    const body = { scope: { controls: ['host-pid'], namespaces: ['*'] }, reason: 'because' };

    expect((await ask(token, '/api/v1/exceptions', { method: 'POST', body })).status).toBe(403);
  });

  it('records builds of what fits a pattern, be it there or not, and of nothing else', async () => {
    const token = await tokenOf('ci', { clusters: 'all', namespaces: ['pay*'] });
    const post = (namespace: string) =>
      ask(token, '/api/v1/build-records', {
        method: 'POST',
        body: { ...build, repository: 'example.com/later', manifests: [manifest(namespace)] },
      });

    expect((await post(`${BEYOND}-shop`)).status).toBe(403);
    expect((await post('pay-later')).status).toBe(200);
    const viewer = await tokenOf('viewer', { clusters: 'all', namespaces: ['pay*'] });
    expect((await ask(viewer, '/api/v1/build-records')).text).toContain('example.com/later');
    const other = await tokenOf('viewer', { clusters: 'all', namespaces: ['other*'] });
    expect((await ask(other, '/api/v1/build-records')).text).not.toContain('example.com/later');
  });
});

/** Listens to what happens until a namespace's findings are told, or something else proves that they are not. */
async function hear(token: string, during: () => Promise<void>): Promise<LiveEvent[]> {
  const stop = new AbortController();
  const answer = await fetch(`${hub.url}/api/v1/events`, {
    headers: { authorization: `Bearer ${token}` },
    signal: stop.signal,
  });
  const told: LiveEvent[] = [];
  const reading = (async () => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const part of answer.body ?? []) {
      text += decoder.decode(part, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data !== undefined) told.push(JSON.parse(data) as LiveEvent);
      }
      if (told.some(({ topics }) => topics.includes('inventory'))) return;
    }
  })();
  await during();
  await reading;
  stop.abort();
  return told;
}

describe('a namespace that comes later', () => {
  it(
    'is within a pattern at once, on a stream that is open too, and its past stays so when it has gone',
    async () => {
      const token = await tokenOf('viewer', { clusters: 'all', namespaces: ['late*'] });
      const other = await tokenOf('viewer', { clusters: 'all', namespaces: ['later-*'] });
      expect(await namesOf(token, 'namespaces')).toEqual([]);
      expect(await namesOf(token, 'findings')).toEqual([]);

      const told = await hear(token, async () => {
        recorded.now = new Date(NOON.getTime() + 60_000);
        await cluster.show([space('late'), deployed('late')].join('---'));
      });

      expect(told.map((event) => event.cluster)).toEqual(told.map(() => cluster.id));
      expect(await namesOf(token, 'namespaces')).toEqual(['late']);
      expect(await namesOf(token, 'findings')).toEqual(['late']);
      expect(await namesOf(other, 'namespaces')).toEqual([]);

      recorded.now = new Date(NOON.getTime() + 120_000);
      await cluster.remove('apps/Deployment', 'late', 'late-web');
      await cluster.remove('Namespace', '', 'late');
      expect(await namesOf(token, 'namespaces')).toEqual([]);
      const then = new Date(NOON.getTime() + 90_000).toISOString();
      expect(await namesOf(token, `namespaces?asOf=${then}`)).toEqual(['late']);
      expect(await namesOf(other, `namespaces?asOf=${then}`)).toEqual([]);
    },
    START_MS,
  );

  it(
    'is within a pattern by what lies in it, where the hub may not read namespaces',
    async () => {
      const blind = await recorded.cluster('blind', { Namespace: 'denied', 'apps/Deployment': 'live' });
      await blind.show(deployed('unseen').split('---')[0] ?? '');
      const token = await tokenOf('viewer', { clusters: [blind.id], namespaces: ['un*'] });

      expect(await namesOf(token, 'findings')).toEqual(['unseen']);
    },
    START_MS,
  );

  it('is within a pattern in the clusters of the limits alone', async () => {
    const token = await tokenOf('viewer', { clusters: [cluster.id + 999], namespaces: ['pay*'] });

    expect(await namesOf(token, 'findings')).toEqual([]);
    expect(await namesOf(token, 'namespaces')).toEqual([]);
  });
});

describe('limits with patterns', () => {
  it('are shown as they were given', async () => {
    const limits = { clusters: 'all', namespaces: ['pay*', 'shop'] };
    const token = await tokenOf('viewer', limits as Limits);

    expect(JSON.parse((await ask(token, '/api/v1/session')).text)).toMatchObject({ limits });
    const report = await ask(token, '/api/v1/frameworks/pss-baseline/report?format=json');
    expect(JSON.parse(report.text)).toMatchObject({ limits });
  });
});

/** The routes, but for exports of lists, that say something of the namespace beyond the limits, to who has none. */
const TELLING: readonly string[] = [
  'compareFindings',
  'compareObject',
  'compareObjects',
  'complete',
  'exportComparison',
  'exportFramework',
  'getBuildRecord',
  'getChange',
  'getException',
  'getFinding',
  'getFramework',
  'getQueue',
  'getResource',
  'getSecret',
  'getWorkload',
  'getWorkloadBuild',
  'groupFindings',
  'listBuildRecords',
  'listChanges',
  'listExceptions',
  'listFindings',
  'listNamespaces',
  'listNodes',
  'listResources',
  'listSecrets',
  'listTeams',
  'listWorkloads',
];
