import { EVERY_RECORD } from '@bulwark/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingRows, type Size, workloadRows } from '../dataset.testing.ts';
import { clocksAhead } from '../read/clocks.ts';
import { listFindings } from '../read/findings.ts';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from './apply.ts';
import { registerCluster } from './clusters.ts';
import type { Batch } from './rows.ts';

const SIZE: Size = { namespaces: 1, workloads: 2, podsEach: 0, findingsEach: 1 };
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const START = Date.parse('2026-11-26T10:00:00Z');
const NOTHING = { resources: [], removed: [], findings: [], resolved: [] };

let databases: TestDatabases;
let store: Store;

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('ahead'), now: new Date(START) });
}, 60_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

function afterS(seconds: number): Date {
  return new Date(START + seconds * 1000);
}

async function clusterNamed(
  name: string,
): Promise<(seconds: number, batch?: Partial<Batch>) => Promise<void>> {
  const identity = { uid: name, caHash: 'c', name, server: '', version: 'v1.34.0', isDemo: false };
  const cluster = await registerCluster(store, identity, afterS(0));
  return (seconds, batch) => applyBatch(store, cluster, { ...NOTHING, ...batch, at: afterS(seconds) });
}

it('keeps a history of what comes and goes after the clock was an hour ahead and was set right', async () => {
  const write = await clusterNamed('set-right');
  const resources = workloadRows(0, SIZE);
  const findings = findingRows(0, SIZE);
  const [finding] = findings;
  if (finding === undefined) throw new Error('there is no finding');
  await write(3600);

  await write(20, { resources, findings });
  await write(30, { removed: resources, resolved: findings.map(({ fingerprint }) => fingerprint) });

  const past = await store.pool.query(
    `select is_resolved as "isResolved", valid_from as "from", valid_to as "to" from finding_past where fingerprint = $1`,
    [finding.fingerprint],
  );
  expect(past.rows).toEqual([
    { isResolved: true, from: new Date(START + 3_600_001), to: new Date(START + 3_600_002) },
  ]);
  const request = { query: EVERY_RECORD, limit: 50, now: afterS(3700) };
  const then = await listFindings(store, ALL, { ...request, asOf: new Date(START + 3_600_001) });
  expect(then.items.map(({ fingerprint }) => fingerprint)).toEqual([finding.fingerprint]);
  const now = await listFindings(store, ALL, request);
  expect(now.items).toEqual([]);
});

it('says once from when until when moments are not the true ones', async () => {
  const write = await clusterNamed('said');
  const said = async () =>
    (await clocksAhead(store, ALL))
      .filter(({ clusterName }) => clusterName === 'said')
      .map(({ since, until }) => [since.toISOString(), until.toISOString()]);
  await write(3600);
  expect(await said()).toEqual([]);

  await write(20);
  await write(30);
  expect(await said()).toEqual([['2026-11-26T10:00:20.000Z', '2026-11-26T11:00:00.002Z']]);

  await write(3700);
  await write(3720);
  expect(await said()).toHaveLength(1);
  await write(3650);
  expect(await said()).toEqual([
    ['2026-11-26T11:00:50.000Z', '2026-11-26T11:02:00.001Z'],
    ['2026-11-26T10:00:20.000Z', '2026-11-26T11:00:00.002Z'],
  ]);
});

it('says nothing of a clock that goes back by a little', async () => {
  const write = await clusterNamed('little');
  await write(20);
  await write(15);

  const said = await clocksAhead(store, ALL);
  expect(said.filter(({ clusterName }) => clusterName === 'little')).toEqual([]);
});
