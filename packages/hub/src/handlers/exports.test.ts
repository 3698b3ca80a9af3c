import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cell, COLUMNS, EXPORTED, type ExportId, ROUTES, type RouteContract } from '@bulwark/api';
import { csvLine } from '@bulwark/core';
import { openStore, type Store } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { issueToken } from '../access/issue.ts';
import type { Limits } from '../access/limits.ts';
import { BUILD } from '../build-record.testing.ts';
import { hubOptionsForTests } from '../hub.testing.ts';
import { type Hub, startHub } from '../hub.ts';
import { type TestCluster, TestHub } from './test-cluster.ts';

const START_MS = 240_000;
const NOON = new Date('2026-11-26T12:00:00Z');
const at = (seconds: number): Date => new Date(NOON.getTime() + seconds * 1000);
const EVERYTHING: Limits = { clusters: 'all', namespaces: 'all' };

const deployed = (namespace: string, more = ''): string => `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace}, labels: { team: ${namespace}-team } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${namespace}-web, namespace: ${namespace}, labels: { team: ${namespace}-team } }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      hostPID: true
      ${more}
      containers:
        - name: app
          image: example.com/web:1
          env: [{ name: PASSWORD, valueFrom: { secretKeyRef: { name: ${namespace}-secret, key: password } } }]
`;

const NODE = `
apiVersion: v1
kind: Node
metadata: { name: worker-1 }
spec: {}
status: { nodeInfo: { kubeletVersion: v1.30.0, kernelVersion: 6.1.0 } }
`;

/** More objects than two pages have. */
const MANY = Array.from(
  { length: 1100 },
  (_, index) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: map-${index}, namespace: shop }
`,
).join('---');

const HOSTILE = `
apiVersion: v1
kind: ConfigMap
metadata:
  name: "=HYPERLINK(\\"http://example.com\\",\\"x\\")"
  namespace: pay
  labels: { team: "@sum,1" }
`;

const KINDS = ['Namespace', 'Node', 'ConfigMap', 'apps/Deployment'];

let recorded: TestHub;
let cluster: TestCluster;
let store: Store;
let hub: Hub;
let folder: string;
const said: string[] = [];

async function tokenOf(limits: Limits, role: 'admin' | 'viewer' = 'admin'): Promise<string> {
  const wanted = { name: 'somebody', role, limits, days: 1 };
  return (await issueToken(store, wanted, { owner: 'ann', now: NOON })).secret;
}

async function ask(
  token: string,
  path: string,
  { method = 'GET', body }: { method?: string; body?: unknown } = {},
) {
  const answer = await fetch(`${hub.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

interface Listed {
  readonly items?: readonly unknown[];
  readonly requirements?: readonly unknown[];
  readonly next?: string | null;
}

function addressOf(path: string, ...query: readonly string[]): string {
  return `${path.replace(':id', 'pss-baseline')}?${query.filter((part) => part !== '').join('&')}`;
}

/** All items of a list, as its pages have them. */
async function listOf(token: string, list: RouteContract, query: string): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  const hasPages = list.query !== undefined && 'cursor' in list.query.shape;
  let cursor: string | null = '';
  do {
    const page = hasPages ? [`limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`] : [];
    const { status, text } = await ask(token, addressOf(list.path, query, ...page));
    expect(status, text).toBe(200);
    const answer = JSON.parse(text) as Listed;
    all.push(...(answer.items ?? answer.requirements ?? []));
    cursor = answer.next ?? null;
  } while (cursor !== null);
  return all;
}

/** An export is what its list is, in both formats. */
async function isAsItsList(token: string, id: ExportId, query = ''): Promise<number> {
  const list = EXPORTED[id];
  const items = await listOf(token, list, query);
  const { path } = ROUTES[id];
  const lines = await ask(token, addressOf(path, query, 'format=jsonl'));
  const csv = await ask(token, addressOf(path, query, 'format=csv'));
  expect([lines.status, csv.status], lines.text).toEqual([200, 200]);
  const read = lines.text.split('\n').filter((line) => line !== '');
  expect(read.map((line) => JSON.parse(line) as unknown)).toEqual(items);
  const columns: Readonly<Record<string, (item: never) => Cell>> = COLUMNS[list.id];
  const cells = Object.values(columns);
  const rows = items.map((item) => csvLine(cells.map((cell) => cell(item as never))));
  expect(csv.text).toBe([csvLine(Object.keys(columns)), ...rows].join(''));
  return items.length;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-exports-'));
  recorded = await TestHub.start(NOON);
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, 'live' as const]));
  cluster = await recorded.cluster('prod', { ...kinds, Secret: 'denied' });
  await cluster.show([NODE, ...['pay', 'shop', 'late'].map((name) => deployed(name))].join('---'));
  store = await openStore({ url: recorded.url, now: NOON });
  recorded.now = at(10);
  await cluster.show(
    [...['pay', 'shop'].map((name) => deployed(name, 'hostNetwork: true')), HOSTILE].join('---'),
  );
  await cluster.show(MANY);
  hub = await startHub(
    hubOptionsForTests({
      databaseUrl: recorded.url,
      folder,
      now: () => recorded.now,
      say: (text) => said.push(text),
    }),
  );
  const admin = await tokenOf(EVERYTHING);
  const post = async (path: string, body: unknown): Promise<void> => {
    const { status, text } = await ask(admin, path, { method: 'POST', body });
    expect([200, 204], text).toContain(status);
  };
  for (const namespace of ['pay', 'shop'])
    await post('/api/v1/exceptions', {
      scope: { controls: ['host-pid'], namespaces: [namespace] },
      reason: 'It is known.',
    });
  await post('/api/v1/channels', {
    type: 'webhook',
    name: 'hook',
    url: 'http://127.0.0.1:9/',
    signingKey: 'k'.repeat(20),
  });
  await post('/api/v1/channels/1/test', {});
  await post('/api/v1/build-records', {
    ...BUILD,
    at: NOON.toISOString(),
    manifests: [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'pay-web', namespace: 'pay' },
        spec: {},
      },
    ],
  });
}, START_MS);

afterAll(async () => {
  await hub?.stop();
  await store?.close();
  await recorded?.stop();
  rmSync(folder, { recursive: true, force: true });
}, START_MS);

const IDS = Object.keys(EXPORTED) as readonly ExportId[];

describe('an export', () => {
  it.each(IDS)('has what its list has, in the same order: %s', async (id) => {
    const token = await tokenOf(EVERYTHING);
    // The jobs of the hub go on meanwhile.
    await vi.waitFor(async () => expect(await isAsItsList(token, id)).toBeGreaterThan(0), {
      timeout: 20_000,
    });
  });

  it.each(IDS.filter((id) => EXPORTED[id].permission === 'view'))(
    'has for somebody with limits what its list has for them: %s',
    async (id) => {
      await isAsItsList(await tokenOf({ clusters: 'all', namespaces: ['pay*'] }, 'viewer'), id);
    },
  );

  it.each<readonly [ExportId, string, number | undefined]>([
    ['exportWorkloads', 'q=namespace:pay', 1],
    ['exportWorkloads', 'sort=-name', 3],
    ['exportWorkloads', 'namespace=shop', 1],
    ['exportWorkloads', 'cluster=2', 0],
    ['exportWorkloads', `asOf=${at(5).toISOString()}&sort=-name`, 3],
    ['exportWorkloads', `since=${at(5).toISOString()}`, 2],
    ['exportFindings', 'q=severity:%3E%3Dhigh&sort=namespace', undefined],
    ['exportFindings', `q=namespace:pay&asOf=${at(5).toISOString()}`, undefined],
    ['exportFindings', 'q=control:host-network', 2],
    ['exportFindings', `q=control:host-network&asOf=${at(5).toISOString()}`, 0],
    ['exportFindingGroups', 'by=owner', undefined],
    ['exportNamespaces', `q=owner:pay-team&asOf=${at(5).toISOString()}`, 1],
    ['exportResources', 'q=kind:ConfigMap&sort=-name', 1101],
    ['exportResources', `q=kind:ConfigMap&asOf=${at(5).toISOString()}`, 0],
    ['exportSecrets', 'sort=-name&namespace=pay', 1],
    ['exportChanges', 'q=verb:changed', 2],
    ['exportControls', 'q=severity:critical', undefined],
    ['exportTeams', 'q=owner:shop-team', 1],
    ['exportExceptions', 'sort=owner&namespace=pay', 1],
    ['exportCoverage', 'q=kind:lost&sort=-subject', undefined],
    ['exportRequirements', `namespace=pay&asOf=${at(5).toISOString()}`, undefined],
    ['exportQueue', 'mine=true', 0],
  ])('is asked as its list is: %s?%s', async (id, query, count) => {
    const found = await isAsItsList(await tokenOf(EVERYTHING), id, query);
    if (count !== undefined) expect(found).toBe(count);
  });

  it.each([
    ['exportFindings', 'q=nonsense:x', 400, 'bad-query'],
    ['exportWorkloads', 'sort=nonsense', 400, 'bad-request'],
    ['exportNodes', 'limit=1', 400, 'bad-request'],
    ['exportNodes', 'format=xml', 400, 'bad-request'],
    ['exportSecrets', 'asOf=2020-01-01T00:00:00Z', 409, 'no-snapshot'],
  ] as const)(
    'that cannot be given is refused as a question, before any of it: %s?%s',
    async (id, query, status, code) => {
      const answer = await ask(await tokenOf(EVERYTHING), addressOf(ROUTES[id].path, query));

      expect([answer.status, (JSON.parse(answer.text) as { code: string }).code]).toEqual([status, code]);
      expect(answer.headers.get('content-disposition')).toBeNull();
    },
  );

  it('says what it would be to whoever asks for its headers alone', async () => {
    const { status, headers, text } = await ask(
      await tokenOf(EVERYTHING),
      '/api/v1/resources/export?format=csv',
      { method: 'HEAD' },
    );

    expect([status, headers.get('content-disposition'), text]).toEqual([
      200,
      'attachment; filename="resources.csv"',
      '',
    ]);
  });

  it('of a comparison has every field of an object, in full', async () => {
    const moved = (pod: string, image: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: moved, namespace: late }
spec:
  selector: { matchLabels: { app: moved } }
  template:
    metadata: { labels: { app: moved } }
    spec: { ${pod} containers: [{ name: app, image: '${image}' }] }
`;
    const long = `example.com/${'x'.repeat(200)}:2`;
    recorded.now = at(20);
    await cluster.show(moved('', 'example.com/x:1'));
    recorded.now = at(30);
    await cluster.show(
      moved('hostPID: true, hostIPC: true, hostNetwork: true, serviceAccountName: robot,', long),
    );
    const query = `from=${at(25).toISOString()}&q=name:moved`;
    recorded.now = at(40);
    const token = await tokenOf(EVERYTHING);
    const lines = await ask(token, `/api/v1/compare/export?format=jsonl&${query}`);
    const csv = await ask(token, `/api/v1/compare/export?format=csv&${query}`);
    const { fields, fieldCount } = JSON.parse(lines.text) as {
      readonly fields: readonly { readonly path: string; readonly after: string | null }[];
      readonly fieldCount: number;
    };

    expect(fields.length).toBe(fieldCount);
    expect(fieldCount).toBeGreaterThan(4);
    expect(fields.map(({ after }) => after)).toContain(long);
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(fieldCount + 1);
  });

  it('of an unknown framework is not there', async () => {
    const { status } = await ask(await tokenOf(EVERYTHING), '/api/v1/frameworks/none/export');

    expect(status).toBe(404);
  });

  it('is a file with the name of what it has, which no cache keeps', async () => {
    const token = await tokenOf(EVERYTHING);
    const csv = await ask(token, '/api/v1/build-records/export');
    const lines = await ask(token, '/api/v1/build-records/export?format=jsonl');

    const headers = ['content-type', 'content-disposition', 'cache-control', 'x-content-type-options'];
    expect(headers.map((name) => csv.headers.get(name))).toEqual([
      'text/csv; charset=utf-8; header=present',
      'attachment; filename="build-records.csv"',
      'no-store',
      'nosniff',
    ]);
    expect(lines.headers.get('content-disposition')).toBe('attachment; filename="build-records.jsonl"');
  });

  it('shows as text what a spreadsheet would take for a formula', async () => {
    const { text } = await ask(
      await tokenOf(EVERYTHING),
      '/api/v1/resources/export?q=namespace:pay&sort=name',
    );

    expect(text.split('\r\n').find((line) => line.includes('HYPERLINK'))).toMatch(
      /^prod,pay,ConfigMap,"'=HYPERLINK\(""http:\/\/example\.com"",""x""\)",v1,"'@sum,1",1,/,
    );
  });

  it('that nobody takes to its end ends, and is no fault', async () => {
    const token = await tokenOf(EVERYTHING);
    for (let time = 0; time < 50; time++)
      await new Promise<void>((resolve, reject) => {
        const headers = { authorization: `Bearer ${token}` };
        const asked = request(`${hub.url}/api/v1/resources/export`, { headers }, (answer) => {
          answer.once('data', () => answer.destroy());
          answer.once('close', () => resolve());
        });
        asked.once('error', reject).end();
      });

    // More than are answered at once of one person.
    await vi.waitFor(async () =>
      expect((await ask(token, '/api/v1/resources/export?q=kind:Node')).status).toBe(200),
    );
    expect(said).toEqual([]);
  }, 60_000);
});
