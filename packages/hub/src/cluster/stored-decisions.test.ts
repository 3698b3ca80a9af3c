import type { Exception } from '@bulwark/core';
import { applyBatch, type FindingRow } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestCluster, TestHub, UNDECIDED } from '../handlers/test-cluster.ts';
import { AwayDecisions } from './away-decisions.ts';
import type { DecisionSettings } from './decisions.ts';
import { persist } from './persist.ts';
import { decideStored } from './stored-decisions.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const TODAY = '2026-11-26';
const NAMESPACES = ['bank', 'mail', 'shop'];
const NAMES = ['api', 'cart'];

const namespace = (name: string): string => `
{ apiVersion: v1, kind: Namespace, metadata: { name: ${name}, labels: { tier: ${name === 'mail' ? 'back' : 'front'} } } }`;
const deployment = (place: string, name: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${place}, labels: { tier: ${place === 'bank' ? 'back' : 'front'} } }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { hostPID: true, containers: [{ name: a, image: 'x:1', securityContext: { privileged: true } }] }`;
const podOfDatabase = (place: string): string => `
apiVersion: v1
kind: Pod
metadata:
  name: cart-0
  namespace: ${place}
  labels: { tier: front }
  ownerReferences: [{ apiVersion: postgresql.cnpg.io/v1, kind: Cluster, name: cart, controller: true }]
spec: { hostPID: true, containers: [{ name: a, image: 'x:1', securityContext: { privileged: true } }] }
status: { phase: Running }`;

/** Some of what is found in every namespace, by the labels of what it is about. */
const ACCEPTING: DecisionSettings = {
  ...UNDECIDED,
  exceptions: [
    {
      origin: 'configuration',
      source: 'hub:7',
      scope: { labels: { tier: 'front' } },
      reason: 'We know.',
    } as Exception,
  ],
};

let hub: TestHub;
let prod: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOW);
  const kinds = { Namespace: 'live', Pod: 'live', 'apps/Deployment': 'live' } as const;
  prod = await hub.cluster('prod', kinds);
  const objects = NAMESPACES.flatMap((place) => [
    namespace(place),
    ...NAMES.map((name) => deployment(place, name)),
    podOfDatabase(place),
  ]);
  await prod.show(objects.join('\n---'));
  await prod.flush();
}, 60_000);

afterAll(async () => {
  await hub?.stop();
});

/** What is decided of each finding, as it is stored. */
async function decided(): Promise<readonly unknown[]> {
  const { rows } = await hub.store.pool.query(
    'select fingerprint, kind, namespace, name, exception, requested from finding where cluster_id = $1 order by 1',
    [prod.id],
  );
  return rows;
}

const settle = (settings: DecisionSettings, atOnce?: number): Promise<void> =>
  new AwayDecisions(
    { store: hub.store, cluster: prod.id, now: () => NOW, ...(atOnce && { atOnce }) },
    settings,
  ).settle();

/** The batches in which the findings under another decision come. */
async function batchesOf(options: Partial<Parameters<typeof decideStored>[2]> = {}) {
  const batches: (readonly FindingRow[])[] = [];
  const asked = { settings: ACCEPTING, today: TODAY, ...options };
  for await (const batch of decideStored(hub.store, prod.id, asked)) batches.push(batch);
  return batches;
}

const byFingerprint = (a: FindingRow, b: FindingRow): number => (a.fingerprint < b.fingerprint ? -1 : 1);

describe('decisions about what is stored', () => {
  it('are about objects of every kind and namespace, some of which are accepted', async () => {
    const rows = (await batchesOf()).flat();
    const places = new Set(rows.map(({ kind, namespace: place, name }) => `${kind} ${place}/${name}`));

    expect([...places].sort()).toEqual([
      'Namespace /bank',
      'Namespace /shop',
      'apps/Deployment mail/api',
      'apps/Deployment mail/cart',
      'apps/Deployment shop/api',
      'apps/Deployment shop/cart',
      'postgresql.cnpg.io/Cluster bank/cart',
      'postgresql.cnpg.io/Cluster mail/cart',
      'postgresql.cnpg.io/Cluster shop/cart',
    ]);
  });

  it.each([1, 2, 3, 7, 50])('are the same where %i findings are read at once', async (atOnce) => {
    const whole = (await batchesOf()).flat().sort(byFingerprint);
    const batches = await batchesOf({ atOnce });
    const fingerprints = whole.map(({ fingerprint }) => fingerprint);
    const named = await batchesOf({ atOnce, fingerprints });

    expect(whole.length).toBeGreaterThan(20);
    expect(batches.flat().sort(byFingerprint)).toEqual(whole);
    expect(named.flat().sort(byFingerprint)).toEqual(whole);
    // No more than were waiting and have just been read.
    for (const batch of [...batches, ...named]) expect(batch.length).toBeLessThan(2 * atOnce);
  });

  it('are about every finding once, also where the database goes away again and again meanwhile', async () => {
    const away = Object.assign(new Error('terminating connection'), { code: '57P01' });
    const patient = { wait: async () => undefined, onDatabase: () => undefined };
    let reads = 0;
    const read = <T>(act: () => Promise<T>): Promise<T> =>
      persist(patient, async () => {
        const value = await act();
        reads++;
        if (reads % 2 === 1) throw away;
        return value;
      });

    expect((await batchesOf({ atOnce: 3, read })).flat()).toEqual((await batchesOf()).flat());
  });

  it.each([1, 2, 3])(
    'hold for all once somebody begins anew, where they ended after %i batches',
    async (written) => {
      await settle(UNDECIDED);
      const before = await decided();
      await settle(ACCEPTING);
      const undisturbed = await decided();
      await settle(UNDECIDED);
      expect(await decided()).toEqual(before);

      const batches = await batchesOf({ atOnce: 5 });
      for (const findings of batches.slice(0, written))
        await applyBatch(hub.store, prod.id, { at: NOW, resources: [], removed: [], resolved: [], findings });
      const partly = await decided();
      await settle(ACCEPTING, 5);

      expect(batches.length).toBeGreaterThan(written);
      expect(partly).not.toEqual(undisturbed);
      expect(await decided()).toEqual(undisturbed);
      expect(await batchesOf()).toEqual([]);
    },
  );

  it('are the last ones, also where others were being written when they came', async () => {
    await settle(UNDECIDED);
    const before = await decided();
    const options = { store: hub.store, cluster: prod.id, now: () => NOW, atOnce: 2 };
    const away = new AwayDecisions(options, ACCEPTING);

    await Promise.all([away.settle(), away.decide(UNDECIDED)]);
    expect(await decided()).toEqual(before);

    await away.decide(ACCEPTING);
    await Promise.all([away.decide(UNDECIDED), away.decide(ACCEPTING)]);
    expect(await batchesOf()).toEqual([]);
  });

  it('are left to the next start where the hub stops', async () => {
    await settle(UNDECIDED);
    const before = await decided();
    const options = { store: hub.store, cluster: prod.id, now: () => NOW, signal: AbortSignal.abort() };

    await new AwayDecisions(options, ACCEPTING).settle();

    expect(await decided()).toEqual(before);
  });

  it('let through what else the thread has to do while they are worked out', async () => {
    const [exception] = ACCEPTING.exceptions;
    const many = Array.from({ length: 400 }, () => ({ ...exception, scope: { labels: { tier: 'none' } } }));
    let longest = 0;
    let last = performance.now();
    let isOver = false;
    const begin = last;
    const turn = (): void => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    await batchesOf({ settings: { ...ACCEPTING, exceptions: many as Exception[] } });
    isOver = true;
    const all = performance.now() - begin;

    expect(longest).toBeLessThan(all / 4);
  });
});
