import { array, assert, asyncProperty, constantFrom } from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { retain } from '../partitions.ts';
import { clusterFacts } from '../read/cluster-facts.ts';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { registerCluster } from './clusters.ts';
import { type KindRecord, type Sight, writeSight } from './sight.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const KIND = 'Secret';
const STEP_MS = 3_600_000;
const START = Date.UTC(2026, 10, 1);

let databases: TestDatabases;
let store: Store;
let cluster: number;

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('seen'), now: moment(0) });
}, 120_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

beforeEach(register);

async function register(): Promise<void> {
  await store.pool.query('delete from seen_kind');
  await store.pool.query('delete from cluster');
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  cluster = await registerCluster(store, identity, moment(0));
}

function moment(hours: number): Date {
  return new Date(START + hours * STEP_MS);
}

/** How a kind is: as the collector tells it, or not served at all. */
type Told = KindRecord['state'] | 'failed' | 'unserved' | 'untold';

/** One sight of the cluster, at the hour of its number. */
async function see(hour: number, told: Told, state: Sight['state'] = 'live'): Promise<void> {
  const record = (kind: string, is: KindRecord['state'], reason: string | null = null): KindRecord => {
    return { kind, state: is, reason, missingRule: null, objects: 0, since: moment(hour).toISOString() };
  };
  const served = told !== 'unserved' && told !== 'untold';
  const own = told === 'failed' ? record(KIND, 'pending', 'The list failed.') : served && record(KIND, told);
  await writeSight(store, cluster, {
    at: moment(hour),
    state,
    reason: null,
    lastSeen: moment(hour),
    kinds: [record('Pod', 'live'), ...(own ? [own] : [])],
    unserved: told === 'unserved' ? [KIND] : [],
    hasJudged: state === 'live',
    coverage: [],
  });
}

/** Whether the kind was seen half an hour after each of some hours; undefined where it was never told of. */
async function seenAfter(hours: readonly number[]): Promise<readonly (boolean | undefined)[]> {
  return Promise.all(
    hours.map(async (hour) => {
      const [facts] = await clusterFacts(store, ALL, moment(hour + 0.5));
      return facts?.seen.get(KIND);
    }),
  );
}

describe('a kind was seen at a moment', () => {
  it.each<{ what: string; told: readonly Told[]; seen: readonly (boolean | undefined)[] }>([
    { what: 'from its first list on', told: ['denied', 'live', 'live'], seen: [false, true, true] },
    { what: 'until the right is lost', told: ['live', 'denied', 'denied'], seen: [true, false, false] },
    { what: 'but for a gap', told: ['live', 'denied', 'live'], seen: [true, false, true] },
    { what: 'over a start', told: ['live', 'pending', 'listing', 'live'], seen: [true, true, true, true] },
    { what: 'during an outage', told: ['live', 'stale', 'live'], seen: [true, true, true] },
    { what: 'but for a list that fails', told: ['live', 'failed', 'live'], seen: [true, false, true] },
    { what: 'never, where it never was', told: ['denied', 'denied'], seen: [false, false] },
    { what: 'until it is not asked for', told: ['live', 'absent'], seen: [true, false] },
    {
      what: 'where it was not served, and is by now',
      told: ['unserved', 'listing', 'live'],
      seen: [true, true, true],
    },
    { what: 'where it is served no more', told: ['live', 'unserved', 'unserved'], seen: [true, true, true] },
    {
      what: 'but for the time in which it was served and not seen',
      told: ['unserved', 'denied', 'unserved'],
      seen: [true, false, true],
    },
    {
      what: 'not before, where it was not seen at first and is served no more',
      told: ['denied', 'unserved'],
      seen: [false, true],
    },
    { what: 'as far as it is told of at all', told: ['untold', 'untold'], seen: [undefined, undefined] },
  ])('$what', async ({ told, seen }) => {
    for (const [hour, each] of told.entries()) await see(hour, each);
    // Told once more, as after a start: the state of a kind then says nothing of before.
    await see(told.length, told.at(-1) ?? 'live');

    expect(await seenAfter(told.map((_each, hour) => hour))).toEqual(seen);
  });

  it('only once it was judged', async () => {
    await see(0, 'live', 'syncing');
    await see(1, 'live');

    // Before that, nothing is known of the whole cluster.
    expect(await seenAfter([0, 1])).toEqual([undefined, true]);
  });

  it('also while it is listed anew since a start, as it was seen before', async () => {
    await see(0, 'live');
    await see(2, 'pending', 'syncing');

    expect(await seenAfter([0, 1, 2])).toEqual([true, true, true]);
  });

  it('as long as the past is kept', async () => {
    for (const [hour, told] of (['live', 'denied', 'live', 'denied', 'live'] as const).entries())
      await see(hour, told);
    await retain(store.pool, moment(2));

    expect(await seenAfter([0, 2, 3, 4])).toEqual([false, true, false, true]);
  });

  it('of no cluster that was not known then', async () => {
    expect(await clusterFacts(store, ALL, moment(-1))).toEqual([]);
    expect((await clusterFacts(store, ALL, moment(0))).map(({ name }) => name)).toEqual(['prod']);
  });

  it('as it was then, whatever comes later', async () => {
    const told = constantFrom<Told>('live', 'stale', 'denied', 'absent', 'failed', 'unserved');
    await assert(
      asyncProperty(array(told, { minLength: 1, maxLength: 8 }), async (all) => {
        await register();
        const hours = all.map((_each, hour) => hour);
        const said: (boolean | undefined)[] = [];
        for (const [hour, each] of all.entries()) {
          await see(hour, each);
          const [last] = await seenAfter([hour]);
          said.push(last);
          expect((await clusterFacts(store, ALL, moment(hour)))[0]?.seen.get(KIND)).toBe(last);
        }
        expect(await seenAfter(hours)).toEqual(said);
      }),
      { numRuns: 25 },
    );
  });
});
