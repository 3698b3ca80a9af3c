import { EVERY_RECORD, hash128, namespaceOf } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupFindings } from '../read/finding-groups.ts';
import { ownerKey } from '../read/owner.ts';
import { openByControl, openBySeverity } from '../read/posture.ts';
import { FINDINGS } from '../read/queryable.testing.ts';
import { type ControlCount, countsByControl, countsByOwnerAt } from '../read/requirements.ts';
import { type Scope, scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from './apply.ts';
import { registerCluster } from './clusters.ts';
import { keepPastCounters } from './past-counters.ts';
import { type FindingRow, SEVERITY_NUMBERS } from './rows.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A midnight, so that every fourth batch is written at one. */
const START = Date.UTC(2026, 10, 1);
const STEP = 6 * HOUR;
const STEPS = 18;
/** The other cluster writes its last batch at a midnight. */
const OTHERS_STEPS = 13;
const EXCEPTION = { id: 1, reason: 'fine', owner: null, until: null, origin: 'hub' };

interface Moment {
  readonly at: number;
  readonly findings: readonly FindingRow[];
}

let databases: TestDatabases;
let store: Store;
/** By the number of the cluster, what it held after each of its batches. */
const lives = new Map<number, Moment[]>();

function isIn(share: number, ...parts: readonly (string | number)[]): boolean {
  return Number.parseInt(hash128(parts.join('|')).slice(0, 8), 16) / 0xffffffff < share;
}

/** A batch in which some findings come, change, are accepted, or go. */
async function step(cluster: number, at: number, seed: string): Promise<void> {
  const life = lives.get(cluster) ?? [];
  const before = new Map(life.at(-1)?.findings.map((row) => [row.fingerprint, row]));
  const found = FINDINGS.filter(({ fingerprint }) => isIn(0.2, seed, at, fingerprint)).map((row) => {
    const isExcepted = isIn(0.3, 'excepted', seed, at, row.fingerprint);
    return {
      ...row,
      digest: hash128([row.fingerprint, seed, at].join('|')),
      exception: isExcepted ? EXCEPTION : undefined,
      team: isIn(0.2, 'moved', seed, at, row.fingerprint) ? 'another' : row.team,
    };
  });
  const resolved = [...before.keys()].filter(
    (fingerprint) =>
      isIn(0.15, 'gone', seed, at, fingerprint) && !found.some((row) => row.fingerprint === fingerprint),
  );
  await applyBatch(store, cluster, {
    at: new Date(at),
    resources: [],
    removed: [],
    findings: found,
    resolved,
  });
  for (const row of found) before.set(row.fingerprint, row);
  for (const fingerprint of resolved) before.delete(fingerprint);
  lives.set(cluster, [...life, { at, findings: [...before.values()] }]);
}

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('past'), now: new Date(START) });
  for (const [name, steps] of [
    ['one', STEPS],
    ['other', OTHERS_STEPS],
  ] as const) {
    const identity = { uid: name, caHash: 'c', name, server: '', version: 'v1.34.0', isDemo: false };
    const cluster = await registerCluster(store, identity, new Date(START));
    for (let index = 0; index < steps; index++) await step(cluster, START + index * STEP, name);
  }
}, 60_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

/** What was there at a moment, as memory has it. */
function findingsAt(at: number, { clusters, namespaces }: Scope): FindingRow[] {
  return [...lives]
    .filter(([cluster]) => clusters === 'all' || clusters.includes(cluster))
    .flatMap(([, life]) => life.findLast((moment) => moment.at <= at)?.findings ?? [])
    .filter((row) => namespaces === 'all' || namespaces.includes(namespaceOf(row)));
}

function counted(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Compares all sums of a moment with what memory counts. */
async function expectRight(at: number, scope: Scope): Promise<void> {
  const asOf = new Date(at);
  const findings = findingsAt(at, scope);
  const open = findings.filter(({ exception }) => exception === undefined);
  const moment = asOf.toISOString();

  const openOnes = await openByControl(store, scope, asOf);
  expect(new Map([...openOnes].filter(([, count]) => count !== 0)), moment).toEqual(
    counted(open.map(({ control }) => control)),
  );
  const severities = counted(open.map(({ severity }) => `${SEVERITY_NUMBERS[severity]}`));
  expect(await openBySeverity(store, scope, asOf), moment).toEqual(
    [0, 1, 2, 3, 4].map((severity) => severities.get(`${severity}`) ?? 0),
  );
  const expected = counted(
    findings.map(({ control, exception }) => `${control}|${exception === undefined ? 'open' : 'excepted'}`),
  );
  const byControl = await countsByControl(store, scope, asOf);
  expect(counted(byControl.flatMap(each)), moment).toEqual(expected);
  // A finding that moves to another team is no new version of it, and belongs to that team at each moment of this one.
  const byOwner = await countsByOwnerAt(store, scope, asOf);
  expect(counted(byOwner.flatMap(each)), moment).toEqual(expected);
  const byTeam = new Map<string, number>();
  for (const { team, open } of byOwner) {
    const key = ownerKey(team);
    byTeam.set(key, (byTeam.get(key) ?? 0) + open);
  }
  const query = { query: EVERY_RECORD, now: asOf, asOf, since: new Date(0) };
  const teams = await groupFindings(store, scope, 'owner', query);
  expect(new Map([...byTeam].filter(([, count]) => count > 0)), moment).toEqual(
    new Map(teams.map(({ key, findings: count }) => [key, count])),
  );
}

/** A key for each finding that is counted. */
function each({ control, open, excepted }: ControlCount): string[] {
  expect(Math.min(open, excepted), control).toBeGreaterThanOrEqual(0);
  return [
    ...Array.from({ length: open }, () => `${control}|open`),
    ...Array.from({ length: excepted }, () => `${control}|excepted`),
  ];
}

/** Every midnight and every batch, and right before and after them. */
const MOMENTS = Array.from({ length: STEPS + 2 }, (_each, index) => START + index * STEP)
  .flatMap((at) => [at - 1, at, at + 1])
  .slice(1);

async function expectAllRight(): Promise<void> {
  const [first = 0] = lives.keys();
  const scopes = [
    scopeOf({ clusters: 'all', namespaces: 'all' }),
    scopeOf({ clusters: [first], namespaces: ['shop', ''] }),
  ];
  for (const scope of scopes) for (const at of MOMENTS) await expectRight(at, scope);
}

async function keptMoments(): Promise<string[]> {
  const { rows } = await store.pool.query<{ name: string; at: Date }>(
    'select c.name, p.at from past_counter p join cluster c on c.id = p.cluster_id order by c.name, p.at',
  );
  return rows.map(({ name, at }) => `${name} ${at.toISOString().slice(0, 10)}`);
}

describe('sums of findings as of a moment', () => {
  it('are what one counts where none are kept', expectAllRight, 60_000);

  it('are what one counts where those of some midnights are kept, of clusters that wrote since', async () => {
    const now = new Date(START + 3 * DAY + HOUR);
    expect(await keepPastCounters(store, { from: new Date(START + DAY + 1), now })).toBe(3);

    // The other one wrote its last batch at the midnight of the fourth, and may write another at the same moment.
    expect(await keptMoments()).toEqual(['one 2026-11-03', 'one 2026-11-04', 'other 2026-11-03']);
    await expectAllRight();
  }, 60_000);

  it('are what one counts where all are kept, and are kept once', async () => {
    const all = { from: new Date(START - 40 * DAY), now: new Date(START + 40 * DAY) };
    expect(await keepPastCounters(store, all)).toBe(5);
    expect(await keepPastCounters(store, all)).toBe(0);

    expect(await keptMoments()).toHaveLength(8);
    await expectAllRight();
  }, 60_000);

  it('are what one counts after further batches, also of the moment of the last one', async () => {
    for (const [cluster, life] of lives) {
      const last = life.at(-1)?.at ?? 0;
      await step(cluster, last, 'again');
      await step(cluster, last + STEP, 'later');
    }

    await expectAllRight();
  }, 60_000);

  it('are what one counts where of some midnights in between none are kept', async () => {
    await store.pool.query(`delete from past_counter where at in ('2026-11-03', '2026-11-05')`);

    await expectAllRight();
  }, 60_000);
});
