import { type JsonObject, objectAt } from '@bulwark/core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findResource } from '../read/inventory.ts';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from './apply.ts';
import { deployment } from './attribute.testing.ts';
import { registerCluster } from './clusters.ts';
import type { ResourceRow } from './rows.ts';

const START = new Date('2026-11-26T10:00:00Z');
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });

let databases: TestDatabases;
let store: Store;
let cluster: number;

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('past'), now: START });
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  cluster = await registerCluster(store, identity, START);
}, 60_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

const text = fc.constantFrom('a', '10.0.0.1', '2026-11-01T00:00:00Z', '');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 6 });

/** Instances as pods have them, and such as miss, add or misplace something. */
const instance: fc.Arbitrary<JsonObject> = fc
  .record({
    created: maybe(fc.oneof({ weight: 8, arbitrary: text }, { weight: 1, arbitrary: fc.constant(null) })),
    labels: maybe(fc.dictionary(fc.constantFrom('pod-template-hash', 'pod-template-generation'), text)),
    node: maybe(text),
    host: maybe(text),
    phase: maybe(text),
    address: maybe(text),
    second: fc.option(text, { nil: undefined, freq: 2 }),
    isAlone: fc.boolean(),
  })
  .map(({ created, labels, node, host, phase, address, second, isAlone }) => {
    const metadata = {
      ...(created !== undefined && { creationTimestamp: created }),
      ...(labels && { labels }),
    };
    if (isAlone) return { metadata };
    const addresses = [address, second].flatMap((ip) => (ip === undefined ? [] : [{ ip }]));
    const status = {
      ...(phase !== undefined && { phase }),
      ...(host !== undefined && { hostIP: host }),
      ...(address !== undefined && { podIP: address }),
      ...(addresses.length > 0 && { podIPs: addresses }),
    };
    return { metadata, ...(node !== undefined && { spec: { nodeName: node } }), status };
  });

const changed: fc.Arbitrary<Partial<ResourceRow>> = fc.record({
  kind: fc.constantFrom('Pod', 'apps/Deployment'),
  ownerKind: fc.constantFrom('Pod', 'apps/Deployment'),
  ownerName: fc.constantFrom('own', 'web'),
  isWorkload: fc.boolean(),
  images: fc.subarray(['nginx', 'redis']),
  serviceAccount: fc.constantFrom('', 'runner'),
  team: fc.constantFrom('shop', undefined),
  instance,
});

function labelsOf(object: JsonObject): Readonly<Record<string, string>> {
  const labels = Object.entries(objectAt(object, 'metadata', 'labels') ?? {});
  return Object.fromEntries(
    labels.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}

let rounds = 0;

it('reads of an object that is gone what was read of it while it was there', async () => {
  await fc.assert(
    fc.asyncProperty(changed, async (more) => {
      const at = (second: number) => new Date(START.getTime() + ++rounds * 10_000 + second * 1000);
      const name = `own-${rounds}`;
      const own = { ...deployment(name, rounds), ...more };
      // Labels of a pod are those of its body and instance.
      const row = { ...own, name, ...(own.kind === 'Pod' && { labels: labelsOf(own.instance) }) };
      const nothing = { resources: [], removed: [], findings: [], resolved: [] };
      const seen = at(0);
      await applyBatch(store, cluster, { ...nothing, at: seen, resources: [row] });
      const key = { cluster, kind: row.kind, namespace: row.namespace, name };
      const before = await findResource(store, ALL, key);

      await applyBatch(store, cluster, { ...nothing, at: at(1), removed: [row] });

      expect(before).toBeDefined();
      expect(await findResource(store, ALL, { ...key, asOf: seen })).toEqual(before);
      expect(await findResource(store, ALL, key)).toBeUndefined();
    }),
    { numRuns: 60 },
  );
}, 120_000);
