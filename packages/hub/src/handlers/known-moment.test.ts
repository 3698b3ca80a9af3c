import { scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Handlers } from '../http/handler.ts';
import { asking } from './callers.testing.ts';
import { clusterHandlers } from './clusters.ts';
import { comparisonHandlers } from './comparison.ts';
import { inventoryHandlers } from './inventory.ts';
import { atKnownMoments } from './known-moment.ts';
import { handlerSettings, TestHub } from './test-cluster.ts';

const SEEN = new Date('2026-11-20T12:00:00Z');
const NOW = new Date('2026-11-26T12:00:00Z');

const NOTHING = { params: undefined, query: undefined, body: undefined };

let hub: TestHub;
let cluster = 0;

beforeAll(async () => {
  hub = await TestHub.start(SEEN);
  const prod = await hub.cluster('prod', { Namespace: 'live' });
  await prod.flush();
  cluster = prod.id;
}, 120_000);

afterAll(() => hub?.stop());

/** The handlers of a hub that keeps the past for so many days. */
function keeping(days: number): Handlers {
  const all = {
    ...clusterHandlers(hub.store),
    ...inventoryHandlers(hub.store),
    ...comparisonHandlers(handlerSettings(hub)),
  } as unknown as Handlers;
  return atKnownMoments(all, { store: hub.store, retentionDays: days });
}

async function namespacesAsOf(asOf: string | undefined, { days = 90, limits = {} } = {}) {
  const all = { clusters: 'all', namespaces: 'all' } as const;
  return keeping(days).listNamespaces(
    { params: undefined, query: { limit: 10, asOf } as never, body: undefined },
    asking(NOW, { limits: { ...all, ...limits } }),
  );
}

/** What a list, or a comparison, finds that begins at a moment. */
async function since(moment: string, days: number) {
  const query = { limit: 10, since: moment } as never;
  return keeping(days).listNamespaces({ params: undefined, query, body: undefined }, asking(NOW));
}

async function between(from: string, to: string | undefined, days: number) {
  const query = { limit: 10, from, ...(to !== undefined && { to }) } as never;
  return keeping(days).compareObjects({ params: undefined, query, body: undefined }, asking(NOW));
}

describe('a moment that is asked for', () => {
  it.each([
    { name: 'the present', asOf: undefined },
    { name: 'when the cluster was first seen', asOf: '2026-11-20T12:00:00Z' },
    { name: 'a little ahead, by the clock of a browser', asOf: '2026-11-26T12:01:00Z' },
  ])('is answered: $name', async ({ asOf }) => {
    expect(await namespacesAsOf(asOf)).toMatchObject({ items: [] });
  });

  it.each([
    { name: 'before the cluster was seen', asOf: '2026-11-20T11:59:59Z', days: 90, code: 'no-snapshot' },
    { name: 'no longer kept', asOf: '2026-11-21T12:00:00Z', days: 3, code: 'no-snapshot' },
    { name: 'to come', asOf: '2999-01-01T00:00:00Z', days: 90, code: 'bad-request' },
  ])('is refused: $name', async ({ asOf, days, code }) => {
    await expect(namespacesAsOf(asOf, { days })).rejects.toMatchObject({ code });
  });

  it('is refused while the cluster was listed for the first time: what was there was not known yet', async () => {
    const [known, judged] = ['2026-11-20T12:00:00Z', '2026-11-20T14:00:00Z'];
    const { rows } = await hub.store.pool.query('select kind from seen_kind where cluster_id = $1', [
      cluster,
    ]);
    expect(rows).toEqual([{ kind: 'Namespace' }]);
    await hub.store.pool.query('update seen_kind set seen_from = $1', [judged]);
    try {
      await expect(namespacesAsOf('2026-11-20T13:59:59Z')).rejects.toMatchObject({ code: 'no-snapshot' });
      expect(await namespacesAsOf(judged)).toMatchObject({ items: [] });
      const { items } = await clusterHandlers(hub.store).listClusters(NOTHING, asking(NOW));
      expect(items.map(({ firstSeen }) => Date.parse(firstSeen))).toEqual([Date.parse(judged)]);
    } finally {
      await hub.store.pool.query('update seen_kind set seen_from = $1', [known]);
    }
  });

  it('is not told to who sees no cluster at all', async () => {
    expect(scopeOf({ clusters: [cluster + 1], namespaces: 'all' }).clusters).not.toContain(cluster);
    expect(
      await namespacesAsOf('2026-11-01T00:00:00Z', { limits: { clusters: [cluster + 1] } }),
    ).toMatchObject({ items: [] });
  });
});

describe('a moment from which on is told what came', () => {
  const [BEFORE, LATER, TO_COME] = ['2026-11-01T00:00:00Z', '2026-11-24T12:00:00Z', '2999-01-01T00:00:00Z'];

  it.each([
    { name: 'kept', moment: LATER, days: 3 },
    { name: 'the oldest that is kept, a little later', moment: '2026-11-23T11:59:00Z', days: 3 },
    { name: 'before the first judgement, where nothing was dropped', moment: BEFORE, days: 90 },
    { name: 'no longer kept, before the first judgement', moment: BEFORE, days: 7 },
  ])('is answered: $name', async ({ moment, days }) => {
    expect(await since(moment, days)).toMatchObject({ items: [] });
    expect(await between(moment, undefined, days)).toMatchObject({
      items: [],
      knownSince: SEEN.toISOString(),
    });
  });

  it.each([
    { name: 'no longer kept', moment: '2026-11-21T12:00:00Z', days: 3, code: 'no-snapshot' },
    { name: 'long no longer kept', moment: BEFORE, days: 3, code: 'no-snapshot' },
    { name: 'to come', moment: TO_COME, days: 90, code: 'bad-request' },
  ])('is refused: $name', async ({ moment, days, code }) => {
    await expect(since(moment, days)).rejects.toMatchObject({ code });
    await expect(between(moment, undefined, days)).rejects.toMatchObject({ code });
  });

  it.each([
    { name: 'before the first judgement', to: '2026-11-20T11:59:59Z', code: 'no-snapshot' },
    { name: 'to come', to: TO_COME, code: 'bad-request' },
  ])('is compared with no moment that is unknown: $name', async ({ to, code }) => {
    await expect(between(BEFORE, to, 90)).rejects.toMatchObject({ code });
  });
});
