import { hash128 } from '@bulwark/core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { retain } from '../partitions.ts';
import { countDecided } from '../read/covered-findings.ts';
import { listExceptions, requestIdOf } from '../read/exceptions.ts';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from './apply.ts';
import { registerCluster } from './clusters.ts';
import { approveException, revokeException } from './exceptions.ts';
import type { FindingRow, StoredDecision } from './rows.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const LATER = new Date('2026-11-26T13:00:00Z');
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const ASKED: StoredDecision = {
  id: null,
  reason: 'Node agent.',
  owner: 'platform',
  until: null,
  origin: 'annotation',
  annotation: 'bulwark.dev/except.host-pid',
};

let databases: TestDatabases;
let store: Store;
let cluster: number;

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('requests'), now: NOON });
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  cluster = await registerCluster(store, identity, NOON);
}, 120_000);

beforeEach(async () => {
  await store.pool.query('truncate exception, finding');
  // Moments of a cluster never go back, and another test may have been later.
  await store.pool.query('update cluster set written_at = null');
});

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

function finding(
  container: string,
  requested: StoredDecision | undefined,
  more: Partial<FindingRow> = {},
): FindingRow {
  const row = {
    fingerprint: hash128(`${container}|${more.name ?? ''}`),
    control: 'host-pid',
    severity: 'high' as const,
    kind: 'apps/Deployment',
    apiVersion: 'apps/v1',
    namespace: 'shop',
    name: 'agent',
    container,
    path: '',
    message: 'It is wrong.',
    fixable: false,
    exception: undefined,
    requested,
    team: undefined,
    environment: undefined,
    criticality: undefined,
    ...more,
  };
  return { ...row, digest: hash128(JSON.stringify(row)) };
}

async function write(
  findings: readonly FindingRow[],
  at = NOON,
  resolved: readonly string[] = [],
): Promise<void> {
  await applyBatch(store, cluster, { at, resources: [], removed: [], findings, resolved });
}

async function told() {
  const counts = await countDecided(store, ALL);
  const sum = (numbers: readonly number[] = []) => numbers.reduce((total, count) => total + count, 0);
  return (await listExceptions(store)).map(({ id, reason, owner, state, createdAt, request }) => ({
    reason,
    owner,
    state,
    since: createdAt,
    annotation: request?.annotation,
    asked: sum(counts.get(id)?.asked),
    accepted: sum(counts.get(id)?.accepted),
  }));
}

const REQUEST = {
  reason: 'Node agent.',
  owner: 'platform',
  state: 'requested',
  since: NOON,
  annotation: ASKED.annotation,
  asked: 2,
  accepted: 0,
};

it('what an annotation asks for is one request, however many findings it is about and however often it comes', async () => {
  await write([finding('a', ASKED), finding('b', ASKED)]);
  await write([finding('a', ASKED, { message: 'It is still wrong.' })], LATER);

  expect(await told()).toEqual([REQUEST]);
});

it('who answers for it and where it stands may change', async () => {
  await write([finding('a', ASKED), finding('b', ASKED)]);
  const moved = { ...ASKED, owner: 'network', annotation: 'checkov.io/skip1' };
  await write([finding('a', moved), finding('b', moved)], LATER);

  expect(await told()).toEqual([{ ...REQUEST, owner: 'network', annotation: 'checkov.io/skip1' }]);
});

it.each([
  ['reason', { reason: 'Another.' }],
  ['end', { until: '2027-01-01' }],
])('another %s is another request', async (_what, more) => {
  await write([finding('a', ASKED)]);
  const [before] = await listExceptions(store);
  await write([finding('a', { ...ASKED, ...more })], LATER);

  expect((await told()).map(({ asked }) => asked)).toEqual([1, 0]);
  const place = { cluster, kind: 'apps/Deployment', namespace: 'shop', name: 'agent', control: 'host-pid' };
  expect(await requestIdOf(store, { ...place, ...ASKED })).toBe(before?.id);
  expect(await requestIdOf(store, { ...place, ...ASKED, ...more })).not.toBe(before?.id);
  expect(await requestIdOf(store, { ...place, ...ASKED, control: 'host-ipc' })).toBeUndefined();
});

it('what an annotation of a Namespace asks for is asked for in it, and is there as long as it is asked', async () => {
  const space = { kind: 'Namespace', apiVersion: 'v1', namespace: '', name: 'shop', container: undefined };
  await write([finding('', ASKED, space)]);
  await retain(store.pool, NOON);

  expect(await told()).toEqual([{ ...REQUEST, asked: 1 }]);
  const [record] = await listExceptions(store);
  expect(record?.scope).toMatchObject({ namespaces: ['shop'], names: ['shop'], kinds: ['Namespace'] });
  expect(record?.request).toMatchObject({ kind: 'Namespace', namespace: '', name: 'shop' });
  const inShop = await countDecided(store, scopeOf({ clusters: 'all', namespaces: ['shop'] }));
  expect(inShop.get(record?.id ?? 0)?.cover?.worst).toMatchObject({ namespace: '', name: 'shop' });
  const place = { cluster, kind: 'Namespace', namespace: '', name: 'shop', control: 'host-pid' };
  expect(await requestIdOf(store, { ...place, ...ASKED })).toBe(record?.id);
});

it('what the database cannot hold is written as what it can', async () => {
  await write([finding('a', { ...ASKED, reason: 'a\0b\ud800' })]);

  expect(await told()).toMatchObject([{ reason: 'a\ufffdb\ufffd', asked: 1 }]);
});

it('what is accepted, and what is asked for by an exception of the hub, is counted for each', async () => {
  const { rows } = await store.pool.query<{ id: number }>(
    `insert into exception (scope, reason, state, created_by, created_at) values ('{}', 'why', 'active', 'ann', $1) returning id`,
    [NOON],
  );
  const own = { id: rows[0]?.id ?? 0, reason: 'why', owner: null, until: null, origin: 'hub' };
  await write([
    finding('a', undefined, { exception: own, severity: 'medium' }),
    finding('b', own),
    finding('c', { ...own, id: null, origin: 'configuration' }),
    finding('d', undefined),
  ]);

  const counts = await countDecided(store, ALL);
  expect([...counts]).toMatchObject([[own.id, { accepted: [0, 0, 1, 0, 0], asked: [0, 0, 0, 1, 0] }]]);
  expect(await countDecided(store, scopeOf({ clusters: 'all', namespaces: ['pay'] }))).toEqual(new Map());
});

it('is forgotten when nothing asks for it any more, unless somebody has answered it', async () => {
  const names = ['asks', 'withdrawn', 'approved', 'refused'];
  await write(names.map((name) => finding('a', ASKED, { name })));
  const records = await listExceptions(store);
  const idOf = (name: string) => records.find(({ request }) => request?.name === name)?.id ?? 0;
  await approveException(store, idOf('approved'), {
    by: 'bob',
    person: 'bob',
    at: NOON,
    isAdministrator: false,
  });
  await revokeException(store, idOf('refused'), { by: 'bob', at: NOON });
  const gone = names.slice(1).map((name) => finding('a', undefined, { name }).fingerprint);
  await write([], LATER, gone);

  await retain(store.pool, NOON);

  const left = (await listExceptions(store)).map(({ request }) => request?.name);
  expect(new Set(left)).toEqual(new Set(['approved', 'asks', 'refused']));
});
