import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FINDING_FIELDS, hash128, parseQuery, type Query } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  applyBatch,
  type EmbeddedServer,
  type FindingRow,
  findFinding,
  findingHistory,
  groupFindings,
  listChanges,
  listClusters,
  listFindings,
  listResources,
  listWorkloads,
  openStore,
  type ResourceRow,
  registerCluster,
  type Store,
  scopeOf,
  startEmbedded,
  trendOf,
} from './index.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });

let folder: string;
let server: EmbeddedServer;
let store: Store;
let cluster: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-store-'));
  // The server runs as another user where the tests run as root.
  chmodSync(folder, 0o755);
  server = await startEmbedded({ folder });
  store = await openStore({ url: server.url, now: NOW });
  const identity = {
    uid: 'u',
    caHash: 'c',
    name: 'prod',
    server: 'https://x',
    version: 'v1.34.0',
    isDemo: false,
  };
  cluster = await registerCluster(store, identity, NOW);
}, 60_000);

afterAll(async () => {
  await store?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function at(minutes: number): Date {
  return new Date(NOW.getTime() + minutes * 60_000);
}

function resource(name: string, more: Partial<ResourceRow> = {}): ResourceRow {
  const body = { spec: { image: more.bodyHash ?? name } };
  return {
    digest: hash128(JSON.stringify([name, more])),
    kind: 'apps/Deployment',
    namespace: 'shop',
    name,
    apiVersion: 'apps/v1',
    uid: `uid-${name}`,
    ownerKind: 'apps/Deployment',
    ownerName: name,
    bodyHash: hash128(JSON.stringify(body)),
    body,
    instance: {},
    labels: { app: name },
    isWorkload: true,
    images: [`example.com/${name}:1`],
    serviceAccount: 'default',
    team: 'storefront',
    environment: 'production',
    criticality: undefined,
    actor: {
      user: null,
      groups: [],
      impersonatedBy: null,
      address: null,
      userAgent: null,
      managers: ['kubectl'],
    },
    ...more,
  };
}

function finding(control: string, name: string, more: Partial<FindingRow> = {}): FindingRow {
  return {
    fingerprint: hash128(`${control}|${name}`),
    digest: hash128(JSON.stringify([control, name, more])),
    control,
    severity: 'high',
    kind: 'apps/Deployment',
    apiVersion: 'apps/v1',
    namespace: 'shop',
    name,
    container: undefined,
    path: 'spec',
    message: `${name} is wrong.`,
    fixable: false,
    exception: undefined,
    requested: undefined,
    team: 'storefront',
    environment: 'production',
    criticality: undefined,
    ...more,
  };
}

const NOTHING = { resources: [], removed: [], findings: [], resolved: [] };

function query(text: string): Query {
  const parsed = parseQuery(text, FINDING_FIELDS);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

async function found(text: string, more: object = {}): Promise<string[]> {
  const page = await listFindings(store, ALL, {
    query: query(text),
    limit: 100,
    now: at(100),
    sort: 'name',
    ...more,
  });
  return page.items.map(({ control, name }) => `${control} ${name}`);
}

describe('the store', () => {
  it('keeps what a cluster has, what is wrong with it, and what was', async () => {
    await applyBatch(store, cluster, {
      ...NOTHING,
      at: at(0),
      resources: [resource('api'), resource('web')],
      findings: [
        finding('host-pid', 'api'),
        finding('host-pid', 'web'),
        finding('latest', 'web', { severity: 'low', team: undefined }),
      ],
    });
    await applyBatch(store, cluster, {
      ...NOTHING,
      at: at(10),
      resources: [resource('api', { bodyHash: hash128('new') })],
      resolved: [finding('host-pid', 'api').fingerprint],
    });

    expect(await found('')).toEqual(['host-pid web', 'latest web']);
    expect(await found('', { asOf: at(5) })).toEqual(['host-pid api', 'host-pid web', 'latest web']);
    expect(await found('', { asOf: at(-5) })).toEqual([]);
    expect(await found('state:resolved')).toEqual(['host-pid api']);
    expect(await found('severity:>=high')).toEqual(['host-pid web']);
    expect(await found('owner:none')).toEqual(['latest web']);
    expect(await found('-control:host-*')).toEqual(['latest web']);
    expect(await found('age:>1h')).toEqual(['host-pid web', 'latest web']);
    expect(await found('age:>7d')).toEqual([]);
    expect(await found('WRONG')).toEqual(['host-pid web', 'latest web']);
    const [clusterRecord] = await listClusters(store, ALL);
    expect(clusterRecord).toMatchObject({ name: 'prod', objects: 2, workloads: 2, counts: [0, 1, 0, 1, 0] });
    const changes = await listChanges(store, ALL, { query: query(''), limit: 10, now: NOW });
    expect(
      changes.items.map(({ verb, name, opened, resolved }) => `${verb} ${name} +${opened} -${resolved}`),
    ).toEqual(['changed api +0 -1', 'created web +2 -0', 'created api +1 -0']);
  });

  it('leaves resolved what came and went in the same moment', async () => {
    await applyBatch(store, cluster, { ...NOTHING, at: at(15), findings: [finding('host-pid', 'api')] });
    await applyBatch(store, cluster, {
      ...NOTHING,
      at: at(15),
      resolved: [finding('host-pid', 'api').fingerprint],
    });

    expect(await found('state:resolved')).toEqual(['host-pid api']);
    expect(await found('state:resolved', { asOf: at(15) })).toEqual(['host-pid api']);
  });

  it('knows when a finding was open, and that it came back', async () => {
    await applyBatch(store, cluster, { ...NOTHING, at: at(20), findings: [finding('host-pid', 'api')] });
    const key = { cluster, fingerprint: finding('host-pid', 'api').fingerprint };

    const record = await findFinding(store, ALL, key);
    const history = await findingHistory(store, ALL, cluster, key.fingerprint);

    expect(await found('state:resolved')).toEqual([]);
    expect(await found('state:resolved', { asOf: at(9) })).toEqual([]);
    expect(await found('state:resolved', { asOf: at(10) })).toEqual(['host-pid api']);
    expect(await found('-state:open', { asOf: at(19) })).toEqual(['host-pid api']);
    expect(await found('state:resolved', { asOf: at(20) })).toEqual([]);
    expect(record).toMatchObject({ state: 'open', firstSeen: at(0), since: at(20) });
    expect(history.map(({ from, to }) => [from, to])).toEqual([
      [at(20), null],
      [at(0), at(10)],
    ]);
  });

  it('accepts and opens again without losing the first day', async () => {
    const exception = { id: 1, reason: 'node agent', owner: null, until: '2027-01-01', origin: 'hub' };
    await applyBatch(store, cluster, {
      ...NOTHING,
      at: at(30),
      findings: [finding('host-pid', 'api', { exception })],
    });

    expect(await found('state:excepted')).toEqual(['host-pid api']);
    expect(await found('')).toEqual(['host-pid web', 'latest web']);
    expect((await listClusters(store, ALL))[0]?.counts).toEqual([0, 1, 0, 1, 0]);
    const history = await findingHistory(store, ALL, cluster, finding('host-pid', 'api').fingerprint);
    expect(history[0]).toMatchObject({ from: at(20), to: null });
  });

  it('groups, and shows no one what is not theirs', async () => {
    const other = scopeOf({ clusters: 'all', namespaces: ['pay'] });
    const groups = await groupFindings(store, ALL, 'control', { query: query(''), now: NOW });

    expect(groups.map(({ key, findings, objects, unowned }) => [key, findings, objects, unowned])).toEqual([
      ['host-pid', 1, 1, 0],
      ['latest', 1, 1, 1],
    ]);
    expect((await listFindings(store, other, { query: query(''), limit: 10, now: NOW })).items).toEqual([]);
    expect((await listWorkloads(store, other, { query: query(''), limit: 10, now: NOW })).items).toEqual([]);
    expect((await listChanges(store, other, { query: query(''), limit: 10, now: NOW })).items).toEqual([]);
    expect((await listClusters(store, other))[0]).toMatchObject({ objects: 0, counts: [0, 0, 0, 0, 0] });
  });

  it('pages without gaps or doubles, whatever comes between', async () => {
    const many = Array.from({ length: 25 }, (_each, index) =>
      finding(`c${index % 7}`, `n${index}`, { severity: index % 2 ? 'low' : 'medium' }),
    );
    await applyBatch(store, cluster, { ...NOTHING, at: at(40), findings: many });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listFindings(store, ALL, {
        query: query('name:n*'),
        limit: 4,
        now: at(50),
        ...(cursor && { cursor }),
      });
      seen.push(...page.items.map(({ fingerprint }) => fingerprint));
      cursor = page.next ?? undefined;
      await applyBatch(store, cluster, {
        ...NOTHING,
        at: at(41),
        findings: [finding('new', `m${seen.length}`)],
      });
    } while (cursor !== undefined);

    expect(seen.length).toBe(25);
    expect(new Set(seen)).toEqual(new Set(many.map(({ fingerprint }) => fingerprint)));
  });

  it('writes the same batch twice without harm', async () => {
    const batch = {
      ...NOTHING,
      at: at(60),
      resources: [resource('api')],
      findings: [finding('host-pid', 'web')],
    };
    await applyBatch(store, cluster, batch);
    await applyBatch(store, cluster, batch);

    expect((await listResources(store, ALL, { query: query(''), limit: 10, now: NOW })).items).toHaveLength(
      2,
    );
    expect((await listClusters(store, ALL))[0]?.counts[3]).toBeGreaterThan(0);
    expect(await trendOf(store, ALL, at(60), 30)).toHaveLength(1);
    const changes = await listChanges(store, ALL, { query: query('name:api'), limit: 100, now: NOW });
    await applyBatch(store, cluster, { ...batch, at: at(61) });
    expect(await listChanges(store, ALL, { query: query('name:api'), limit: 100, now: NOW })).toEqual(
      changes,
    );
  });
});
