import { foldCase, parseQuery, RESOURCE_FIELDS } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from '../write/apply.ts';
import { registerCluster } from '../write/clusters.ts';
import { listResources, type ResourceRecord } from './inventory.ts';
import { ownerKey } from './owner.ts';
import { ago, DEPLOYMENTS, NAMES, NAMESPACE_OBJECTS, NOW, PODS } from './queryable.testing.ts';
import { kindsPresent } from './requirements.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const OBJECTS = [...DEPLOYMENTS, ...NAMESPACE_OBJECTS, ...PODS];
/** Objects of the second cluster, so that many are called the same in both. */
const FEWER = OBJECTS.filter((_each, index) => index % 3 !== 0);

let databases: TestDatabases;
let store: Store;
let clusters: readonly number[];

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('inventory'), now: NOW });
  const nothing = { removed: [], findings: [], resolved: [] };
  const ids: number[] = [];
  for (const [name, objects] of [
    ['prod', OBJECTS],
    ['test', FEWER],
  ] as const) {
    const identity = { uid: name, caHash: 'c', name, server: '', version: 'v1.34.0', isDemo: false };
    const cluster = await registerCluster(store, identity, ago(50));
    ids.push(cluster);
    for (const index of NAMES.keys())
      await applyBatch(store, cluster, {
        ...nothing,
        // Many are first seen at the same time.
        at: ago(40 - Math.floor(index / 4)),
        resources: objects.filter(({ ownerName }) => ownerName === NAMES[index]),
      });
  }
  clusters = ids;
}, 60_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

function queryOf(text: string) {
  const parsed = parseQuery(text, RESOURCE_FIELDS);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

type Asked = Partial<Parameters<typeof listResources>[2]>;

const keyOf = ({ clusterId, kind, namespace, name }: ResourceRecord): string =>
  [clusterId, namespace, kind, name].join('|');

/** All pages of a list, one after the other. */
async function pagesOf(asked: Asked, limit: number): Promise<readonly string[]> {
  const keys: string[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await listResources(store, ALL, {
      query: queryOf(''),
      now: NOW,
      ...asked,
      limit,
      cursor,
    });
    keys.push(...items.map(keyOf));
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return keys;
}

/** The order as memory has it: the values of the sort, the key, the cluster. */
const BY: Readonly<Record<string, (record: ResourceRecord) => string>> = {
  name: ({ name }) => foldCase(name),
  namespace: ({ namespace }) => namespace,
  owner: ({ team }) => ownerKey(team),
  'first-seen': ({ firstSeen }) => firstSeen.toISOString(),
};

function compare(sort: string) {
  const isDown = sort.startsWith('-');
  const by = BY[isDown ? sort.slice(1) : sort] ?? (() => '');
  const partsOf = (record: ResourceRecord) => [by(record), record.namespace, record.kind, record.name];
  return (a: ResourceRecord, b: ResourceRecord): number => {
    const right = partsOf(b);
    const place = partsOf(a).findIndex((part, index) => part !== right[index]);
    if (place < 0) return a.clusterId - b.clusterId;
    const isLess = (partsOf(a)[place] ?? '') < (right[place] ?? '');
    return isLess === isDown ? 1 : -1;
  };
}

describe.each(Object.keys(BY).flatMap((name) => [name, `-${name}`]))(
  'objects of two clusters in the order %s',
  (sort) => {
    it.each([1, 7, 500])('are all there once and in order, in pages of %i', async (limit) => {
      const { items } = await listResources(store, ALL, { query: queryOf(''), limit: 500, now: NOW });

      expect(items).toHaveLength(OBJECTS.length + FEWER.length);
      expect(await pagesOf({ sort }, limit)).toEqual(items.toSorted(compare(sort)).map(keyOf));
    });
  },
);

it('tells of each object what is its own', async () => {
  const { items, total } = await listResources(store, ALL, { query: queryOf(''), limit: 500, now: NOW });

  expect(total).toBe(items.length);
  for (const row of OBJECTS) {
    const found = items.find(
      ({ clusterId, kind, namespace, name }) =>
        clusterId === clusters[0] && kind === row.kind && namespace === row.namespace && name === row.name,
    );
    expect(found).toMatchObject({
      clusterName: 'prod',
      apiVersion: row.apiVersion,
      team: row.team ?? null,
      labels: row.labels,
    });
  }
});

const LIMITS = [
  ['everything', ALL],
  ['some namespaces', scopeOf({ clusters: 'all', namespaces: ['shop', 'api'] })],
  [
    'a namespace that only an object has the name of',
    scopeOf({ clusters: 'all', namespaces: ['ci-runner'] }),
  ],
  ['nothing', scopeOf({ clusters: [], namespaces: 'all' })],
] as const;

it.each(LIMITS)('who may see %s is told the kinds of that, now and as of a moment', async (_name, scope) => {
  for (const asOf of [undefined, NOW]) {
    const { items } = await listResources(store, scope, { query: queryOf(''), limit: 500, now: NOW, asOf });
    const kinds = [...new Set(items.map(({ kind }) => kind))].sort();

    expect(await kindsPresent(store, scope, asOf)).toEqual({
      kinds,
      hasPods: kinds.some((kind) => kind !== 'Namespace'),
    });
  }
});
