import { scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Handlers } from '../http/handler.ts';
import { asking } from './callers.testing.ts';
import { clusterHandlers } from './clusters.ts';
import { inventoryHandlers } from './inventory.ts';
import { atKnownMoments } from './known-moment.ts';
import { TestHub } from './test-cluster.ts';

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

async function namespacesAsOf(asOf: string | undefined, { days = 90, limits = {} } = {}) {
  const { listNamespaces } = atKnownMoments(
    { ...clusterHandlers(hub.store), ...inventoryHandlers(hub.store) } as unknown as Handlers,
    { store: hub.store, retentionDays: days },
  );
  const all = { clusters: 'all', namespaces: 'all' } as const;
  return listNamespaces(
    { params: undefined, query: { limit: 10, asOf } as never, body: undefined },
    asking(NOW, { limits: { ...all, ...limits } }),
  );
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
