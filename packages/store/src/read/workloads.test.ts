import { parseQuery, WORKLOAD_FIELDS } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingRows, type Size, workloadRows } from '../dataset.testing.ts';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from '../write/apply.ts';
import { registerCluster } from '../write/clusters.ts';
import { live, type Moment, START, STEP } from '../write/life.testing.ts';
import { SEVERITY_NUMBERS } from '../write/rows.ts';
import { haveMoved } from './finding-sums.ts';
import { listWorkloads } from './workloads.ts';

/** So many findings that whatever happens in the other cluster is little. */
const STILL: Size = { namespaces: 2, workloads: 90, podsEach: 0, findingsEach: 10 };
const NOTHING = { removed: [], findings: [], resolved: [] };

let databases: TestDatabases;
let store: Store;
let cluster: number;
let moments: readonly Moment[];

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('workloads'), now: new Date(START) });
  const identity = { caHash: 'c', server: 'https://x', version: 'v1.34.0', isDemo: false };
  const still = await registerCluster(store, { ...identity, uid: 'still', name: 'still' }, new Date(START));
  cluster = await registerCluster(store, { ...identity, uid: 'moving', name: 'moving' }, new Date(START));
  const numbers = Array.from({ length: STILL.workloads }, (_each, index) => index);
  await applyBatch(store, still, {
    ...NOTHING,
    at: new Date(START),
    isFirst: true,
    resources: numbers.flatMap((each) => workloadRows(each, STILL)),
    findings: numbers.flatMap((each) => findingRows(each, STILL)),
  });
  const life = await live(store, cluster);
  moments = life.filter((_moment, step) => step % 4 === 0 || step === life.length - 1);
}, 120_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

interface Shown {
  readonly name: string;
  readonly counts: readonly number[];
  readonly findings: number;
  readonly pods: number;
}

function expectedAt({ resources, findings }: Moment): Shown[] {
  const workloads = resources.filter(({ isWorkload }) => isWorkload);
  return workloads.map(({ kind, namespace, name }) => {
    const open = findings.filter(
      (each) => each.exception === undefined && each.name === name && each.namespace === namespace,
    );
    const pods = resources.filter(
      (each) => each.kind === 'Pod' && each.ownerKind === kind && each.ownerName === name,
    );
    const counts = [0, 1, 2, 3, 4].map(
      (severity) => open.filter((each) => SEVERITY_NUMBERS[each.severity] === severity).length,
    );
    return { name, counts, findings: open.length, pods: pods.length };
  });
}

function queryOf(text: string) {
  const parsed = parseQuery(text, WORKLOAD_FIELDS);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

/** The workloads of the moving cluster that a query finds, by small pages, with the total that the first one tells. */
async function shownAt(clusters: 'all' | readonly number[], asOf: Date, text: string, sort?: string) {
  const request = { query: queryOf(`cluster:moving ${text}`), limit: 5, now: new Date(START), asOf, sort };
  const scope = scopeOf({ clusters, namespaces: 'all' });
  const first = await listWorkloads(store, scope, request);
  const items = [...first.items];
  for (let cursor = first.next; cursor !== null; ) {
    const page = await listWorkloads(store, scope, { ...request, cursor });
    items.push(...page.items);
    cursor = page.next;
  }
  return {
    total: first.total,
    items: items.map(({ name, counts, findings, pods }): Shown => ({ name, counts, findings, pods })),
  };
}

const worstOf = ({ counts }: Shown) => counts.findLastIndex((count) => count > 0);
const ORDERS: Readonly<Record<string, (a: Shown, b: Shown) => number>> = {
  severity: (a, b) => worstOf(a) - worstOf(b) || a.findings - b.findings,
  pods: (a, b) => a.pods - b.pods,
  name: (a, b) => (a.name < b.name ? -1 : 1),
};
const QUERIES: Readonly<Record<string, (row: Shown) => boolean>> = {
  'severity:>=high': (row) => worstOf(row) >= 3,
  'severity:none': (row) => worstOf(row) === -1,
  'findings:>2': ({ findings }) => findings > 2,
  'pods:>2 severity:>=low': (row) => row.pods > 2 && worstOf(row) >= 1,
};

function sortedByName(rows: readonly Shown[]): Shown[] {
  return rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

it('tells of all clusters how many there are, whichever of them the page shows', async () => {
  const scope = scopeOf({ clusters: 'all', namespaces: 'all' });
  const seen = new Set<number>();
  for (const { at: asOf } of moments)
    for (const text of ['findings:>0', 'severity:>=high']) {
      const request = { query: queryOf(text), now: new Date(START), asOf };
      const whole = await listWorkloads(store, scope, { ...request, limit: 500 });
      seen.add(new Set(whole.items.map(({ clusterName }) => clusterName)).size);
      for (const sort of ['name', '-name', 'severity']) {
        const { items, total } = await listWorkloads(store, scope, { ...request, limit: 1, sort });
        expect(items).toHaveLength(1);
        expect(total).toBe(whole.items.length);
      }
    }
  expect(seen).toContain(2);
});

describe.each([
  { of: 'a cluster in which most has moved since', isOfAll: false },
  { of: 'clusters in which little has moved since', isOfAll: true },
])('workloads as of a moment, of $of', ({ isOfAll }) => {
  const clusters = () => (isOfAll ? 'all' : [cluster]);

  it('are counted in both ways', async () => {
    const scope = scopeOf({ clusters: clusters(), namespaces: 'all' });
    const moved = await Promise.all(moments.map(({ at }) => haveMoved(store, scope, at)));
    // Since the last moment nothing has.
    expect(new Set(moved.slice(0, -3))).toEqual(new Set([!isOfAll]));
  });

  it('have what they had open, in every order, on every page', async () => {
    for (const moment of moments) {
      const expected = expectedAt(moment);
      const asOf = new Date(moment.at.getTime() + STEP - 1);
      for (const [sort, compare] of Object.entries(ORDERS)) {
        for (const [sign, way] of [
          ['', 1],
          ['-', -1],
        ] as const) {
          const { items, total } = await shownAt(clusters(), asOf, '', sign + sort);
          expect(total).toBe(expected.length);
          expect(sortedByName(items)).toEqual(sortedByName(expected));
          expect(items.toSorted((a, b) => way * compare(a, b))).toEqual(items);
        }
      }
    }
  }, 120_000);

  it('are found by what they had open, and all that are found are counted', async () => {
    for (const moment of moments) {
      const asOf = new Date(moment.at.getTime() + STEP - 1);
      for (const [text, fits] of Object.entries(QUERIES)) {
        const fitting = expectedAt(moment).filter(fits);
        for (const sort of [undefined, 'name']) {
          const { items, total } = await shownAt(clusters(), asOf, text, sort);
          expect(sortedByName(items)).toEqual(sortedByName(fitting));
          expect(total).toBe(fitting.length);
        }
      }
    }
  }, 120_000);
});
