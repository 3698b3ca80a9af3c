import { FINDING_FIELDS, parseQuery } from '@bulwark/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingRows, namespaceRows, type Size, workloadRows } from './dataset.testing.ts';
import { retain } from './partitions.ts';
import { listFindings } from './read/findings.ts';
import { objectsOf } from './read/inventory.ts';
import { scopeOf } from './scope.ts';
import { type TestDatabases, testDatabases } from './shared-server.testing.ts';
import { openStore, type Store } from './store.ts';
import { applyBatch } from './write/apply.ts';
import { registerCluster } from './write/clusters.ts';
import { keepPastCounters } from './write/past-counters.ts';

const SIZE: Size = { namespaces: 2, workloads: 6, podsEach: 1, findingsEach: 5 };
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
/** The middle of each month from January to December. */
const MONTHS = Array.from({ length: 12 }, (_each, month) => new Date(Date.UTC(2026, month, 15)));

let databases: TestDatabases;
let store: Store;
let cluster: number;

/** A year in which every month all workloads get another version and half of the findings go, to be back a month later. */
async function age(): Promise<void> {
  const workloads = Array.from({ length: SIZE.workloads }, (_each, index) => index);
  const findings = workloads.flatMap((index) => findingRows(index, SIZE));
  for (const [month, at] of MONTHS.entries()) {
    const isThere = (index: number) => (index + month) % 2 === 0;
    await applyBatch(store, cluster, {
      at,
      resources: [...namespaceRows(SIZE), ...workloads.flatMap((index) => workloadRows(index, SIZE, month))],
      removed: month === 0 ? [] : workloads.flatMap((index) => workloadRows(index, SIZE, month - 1).slice(1)),
      findings: findings
        .filter((_each, index) => isThere(index))
        .map((row) => ({ ...row, message: `${row.message} word${month}`, digest: row.fingerprint })),
      resolved: findings.filter((_each, index) => !isThere(index)).map(({ fingerprint }) => fingerprint),
    });
  }
}

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('ages'), now: MONTHS[0] ?? new Date() });
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  cluster = await registerCluster(store, identity, new Date('2026-01-01T00:00:00Z'));
  await age();
}, 120_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

/** What a moment was like, without what a later version of Bulwark may count otherwise. */
async function momentAt(asOf: Date): Promise<unknown> {
  const objects = await objectsOf(store, ALL, { cluster, asOf });
  const everything = parseQuery('word*', FINDING_FIELDS);
  if (!everything.ok) throw new Error(everything.error.message);
  const request = { query: everything.value, limit: 500, now: asOf, asOf };
  const { items } = await listFindings(store, ALL, request);
  return {
    objects: objects.map(({ kind, name, body }) => [kind, name, body]),
    findings: items.map(({ fingerprint, message }) => [fingerprint, message]),
  };
}

async function countsOf(table: string): Promise<number> {
  const { rows } = await store.pool.query<{ n: number }>(`select count(*) as n from ${table}`);
  return rows[0]?.n ?? 0;
}

it('keeps every moment of the months that are kept, and of those before only what still was then', async () => {
  const kept = MONTHS.slice(8).map((month) => new Date(month.getTime() + 86_400_000));
  const before = await Promise.all(kept.map(momentAt));
  const bodies = await countsOf('body');
  const words = await countsOf('word');
  expect(await countsOf(`finding_past where valid_to < '2026-09-01'`)).toBeGreaterThan(0);
  await keepPastCounters(store, { from: new Date('2026-08-25'), now: new Date('2026-09-20') });

  // One former name of what is there still, and one of what nobody knows any more.
  await store.pool.query(
    `insert into former_fingerprint (cluster_id, former, fingerprint)
     select $1::int, gen_random_uuid(), fingerprint from (select fingerprint from finding limit 1) f union all select $1, gen_random_uuid(), null`,
    [cluster],
  );

  const dropped = await retain(store.pool, new Date('2026-09-10T00:00:00Z'));

  expect(dropped.length).toBeGreaterThan(0);
  expect(await Promise.all(kept.map(momentAt))).toEqual(before);
  for (const [table, moment] of [
    ['finding_past', 'valid_to'],
    ['resource_past', 'valid_to'],
    ['change', 'at'],
    ['posture_day', 'day'],
    ['past_counter', 'at'],
  ] as const) {
    expect(await countsOf(`${table} where ${moment} < '2026-09-01'`), table).toBe(0);
    expect(await countsOf(table), table).toBeGreaterThan(0);
  }
  expect(await countsOf('former_fingerprint')).toBe(1);
  expect(await countsOf('body')).toBeLessThan(bodies);
  expect(await countsOf('word')).toBeLessThan(words);
  expect(await retain(store.pool, new Date('2026-09-10T00:00:00Z'))).toEqual([]);
});
