import { EVERY_RECORD } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingRows, workloadRows } from '../dataset.testing.ts';
import { groupFindings } from '../read/finding-groups.ts';
import { listFindings } from '../read/findings.ts';
import { listResources } from '../read/inventory.ts';
import { listNamespaces } from '../read/namespaces.ts';
import type { ListRequest, Page } from '../read/page.ts';
import { listClusters, trendOf } from '../read/posture.ts';
import { listWorkloads } from '../read/workloads.ts';
import { scopeOf } from '../scope.ts';
import { TESTED_VERSIONS } from '../server.testing.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from './apply.ts';
import { registerCluster } from './clusters.ts';
import { keyOf, live, type Moment, SIZE, START, STEP } from './life.testing.ts';
import { type FindingRow, SEVERITY_NUMBERS } from './rows.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** Every item of a list, by small pages. */
async function all<T>(list: (request: ListRequest) => Promise<Page<T>>, more: object): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({
      query: EVERY_RECORD,
      limit: 7,
      now: new Date(START),
      ...more,
      ...(cursor && { cursor }),
    });
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}

function countsOf(findings: readonly FindingRow[]): number[] {
  const counts = [0, 0, 0, 0, 0];
  for (const { severity, exception } of findings)
    if (exception === undefined)
      counts[SEVERITY_NUMBERS[severity]] = (counts[SEVERITY_NUMBERS[severity]] ?? 0) + 1;
  return counts;
}

function by<T>(items: readonly T[], keyFor: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyFor(item), [...(groups.get(keyFor(item)) ?? []), item]);
  return groups;
}

describe.each(TESTED_VERSIONS)('a life on PostgreSQL $major', ({ platform, isThere }) => {
  let databases: TestDatabases;
  let store: Store;
  let cluster: number;
  let moments: readonly Moment[];

  beforeAll(async () => {
    if (!isThere) return;
    databases = await testDatabases(platform);
    store = await openStore({ url: await databases.database('life'), now: new Date(START) });
    const identity = { caHash: 'c', server: 'https://x', version: 'v1.34.0', isDemo: false };
    // A second cluster of the same objects: nothing of one may be taken for the other's.
    const other = await registerCluster(store, { ...identity, uid: 'other', name: 'other' }, new Date(START));
    cluster = await registerCluster(store, { ...identity, uid: 'one', name: 'one' }, new Date(START));
    await applyBatch(store, other, {
      at: new Date(START),
      isFirst: true,
      resources: workloadRows(1, SIZE),
      removed: [],
      findings: findingRows(1, SIZE),
      resolved: [],
    });
    moments = await live(store, cluster);
  }, 120_000);

  afterAll(async () => {
    await store?.close();
    await databases?.drop();
  });

  const only = () => scopeOf({ clusters: [cluster], namespaces: 'all' });

  it.runIf(isThere)(
    'can be read as of every moment',
    async () => {
      for (const { at, resources, findings } of moments) {
        for (const asOf of [at, new Date(at.getTime() + STEP - 1)]) {
          const found = await all((request) => listFindings(store, only(), request), { asOf, sort: 'name' });
          expect(found.map(({ fingerprint }) => fingerprint).sort()).toEqual(
            findings
              .filter(({ exception }) => exception === undefined)
              .map(({ fingerprint }) => fingerprint)
              .sort(),
          );
          const objects = await all((request) => listResources(store, only(), request), {
            asOf,
            sort: '-namespace',
          });
          expect(objects.map(({ kind, namespace, name }) => `${kind}|${namespace}|${name}`).sort()).toEqual(
            resources.map(keyOf).sort(),
          );
          expect(new Map(objects.map((object) => [object.name, object.labels]))).toEqual(
            new Map(resources.map(({ name, labels }) => [name, labels])),
          );
          const open = by(
            findings.filter(({ exception }) => exception === undefined),
            ({ kind, name }) => `${kind}|${name}`,
          );
          expect(objects.map(({ kind, name, findings: n }) => [`${kind}|${name}`, n]).sort(byText)).toEqual(
            resources
              .map(({ kind, name }) => [`${kind}|${name}`, open.get(`${kind}|${name}`)?.length ?? 0])
              .sort(byText),
          );
        }
        const workloads = await all((request) => listWorkloads(store, only(), request), { asOf: at });
        const theirs = by(findings, ({ name }) => name);
        const pods = by(
          resources.filter(({ kind }) => kind === 'Pod'),
          ({ ownerName }) => ownerName,
        );
        expect(workloads.map(({ name, counts, pods: count }) => [name, counts, count]).sort(byText)).toEqual(
          resources
            .filter(({ isWorkload }) => isWorkload)
            .map(({ name }) => [name, countsOf(theirs.get(name) ?? []), pods.get(name)?.length ?? 0])
            .sort(byText),
        );
      }
    },
    120_000,
  );

  it.runIf(isThere)('has sums that are what one counts', async () => {
    const { findings = [], resources = [] } = moments.at(-1) ?? {};
    const open = findings.filter(({ exception }) => exception === undefined);
    const request = { query: EVERY_RECORD, limit: 500, now: new Date(START) };
    const keys = {
      control: ({ control }: FindingRow) => control,
      owner: ({ team }: FindingRow) => (team ?? '').toLowerCase(),
      namespace: ({ namespace }: FindingRow) => `${cluster}|${namespace}`,
      workload: ({ kind, namespace, name }: FindingRow) => `${cluster}|${kind}|${namespace}|${name}`,
    };
    for (const [name, keyFor] of Object.entries(keys)) {
      const groups = await groupFindings(store, only(), name as keyof typeof keys, request);
      const counted = [...by(open, keyFor)].map(([key, rows]) => ({
        key,
        findings: rows.length,
        objects: new Set(rows.map((row) => row.name)).size,
        counts: countsOf(rows),
        unowned: new Set(rows.filter(({ team }) => team === undefined).map((row) => row.name)).size,
        fixable: rows.filter(({ fixable }) => fixable).length,
      }));
      const shown = groups.map(({ key, findings: count, objects, counts, unowned, fixable }) => ({
        key,
        findings: count,
        objects,
        counts,
        unowned,
        fixable,
      }));
      const order = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
      expect(shown.sort(order)).toEqual(counted.sort(order));
      // The same, counted from the findings themselves, and as of the last moment.
      const asOf = moments.at(-1)?.at;
      const slow = await groupFindings(store, only(), name as keyof typeof keys, { ...request, asOf });
      expect(slow).toEqual(groups);
    }
    const workloads = await all((each) => listWorkloads(store, only(), each), { sort: 'name' });
    const theirs = by(findings, (row) => row.name);
    expect(workloads.map(({ name, counts }) => [name, counts]).sort(byText)).toEqual(
      resources
        .filter(({ isWorkload }) => isWorkload)
        .map(({ name }) => [name, countsOf(theirs.get(name) ?? [])])
        .sort(byText),
    );
    const [record] = await listClusters(store, only());
    expect(record?.counts).toEqual(countsOf(findings));
    expect(record?.objects).toBe(resources.length);
  });

  it.runIf(isThere)('is a trend of what was open at the end of each day', async () => {
    const last = moments.at(-1)?.at ?? new Date(START);
    const trend = await trendOf(store, only(), last, 30);
    const expected = trend.map(({ day }) => {
      const end = new Date(`${day}T23:59:59.999Z`);
      return { day, counts: countsOf(moments.findLast(({ at }) => at <= end)?.findings ?? []) };
    });
    expect(trend).toHaveLength(30);
    expect(trend).toEqual(expected);
  });

  it.runIf(isThere)('shows clusters beside each other, each with its own, in one order', async () => {
    const { findings = [] } = moments.at(-1) ?? {};
    const open = findings.filter(({ exception }) => exception === undefined).length;
    const others = findingRows(1, SIZE).filter(({ exception }) => exception === undefined).length;
    for (const sort of ['-severity', 'severity', 'name', '-namespace', 'control', 'owner', '-first-seen']) {
      const items = await all((request) => listFindings(store, ALL, request), { sort });
      const keys = items.map(({ clusterId, fingerprint }) => `${clusterId}|${fingerprint}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toHaveLength(open + others);
    }
    const severities = (await all((request) => listFindings(store, ALL, request), {})).map(
      ({ severity }) => severity,
    );
    expect(severities).toEqual(severities.toSorted((a, b) => b - a));
    expect((await all((request) => listNamespaces(store, ALL, request), {})).length).toBe(0);
  });

  it.runIf(isThere)('never goes back in time, whatever the clock does', async () => {
    const [last] = moments.slice(-1);
    const [row] = workloadRows(3, SIZE, 77);
    if (last === undefined || row === undefined) throw new Error('no life');
    const nothing = { removed: [], findings: [], resolved: [] };
    await applyBatch(store, cluster, { ...nothing, at: new Date(START - STEP), resources: [row] });

    const before = new Date(last.at.getTime() - 1);
    const objects = await all((request) => listResources(store, only(), request), { asOf: before });
    expect(objects.map(({ name }) => name).sort()).toEqual(
      (moments.at(-2)?.resources ?? []).map(({ name }) => name).sort(),
    );
  });
});
