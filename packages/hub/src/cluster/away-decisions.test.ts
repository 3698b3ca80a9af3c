import type { Exception } from '@bulwark/core';
import { holdLease } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestHub, UNDECIDED } from '../handlers/test-cluster.ts';
import { AwayDecisions } from './away-decisions.ts';
import type { DecisionSettings } from './decisions.ts';
import { objectsOf, WatchedCluster } from './watched.testing.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date());
}, 60_000);

afterAll(async () => {
  await hub?.stop();
});

const SHOP = objectsOf(`
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
  labels: { tier: front, team: storefront }
  annotations: { bulwark.dev/except.host-pid: "The agent looks at processes; until=2027-01-31" }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { hostPID: true, containers: [{ name: a, image: "x:1", securityContext: { privileged: true } }] }
---
{ apiVersion: v1, kind: ServiceAccount, metadata: { name: cart, namespace: shop } }
`);

const accepting = (more: Partial<Exception> = {}): DecisionSettings => ({
  ...UNDECIDED,
  exceptions: [
    {
      origin: 'configuration',
      source: 'hub:7',
      scope: { controls: ['privileged-container'], labels: { tier: 'front' } },
      reason: 'We know.',
      ...more,
    } as Exception,
  ],
});

/** Why findings of the control are accepted, and since when it is so. */
async function accepted(cluster: WatchedCluster, control = 'privileged-container'): Promise<unknown[]> {
  const { rows } = await hub.store.pool.query<{ reason: string | null }>(
    `select exception->>'reason' as reason from finding where cluster_id = $1 and control = $2`,
    [cluster.id, control],
  );
  return rows.map(({ reason }) => reason);
}

const deny = ({ server }: WatchedCluster): void => {
  server.forbids = ({ verb, resource }) => verb !== 'discovery' && resource === 'deployments';
};

describe('while all of a cluster is away', () => {
  it('what is accepted is so at once, and ends at once', async () => {
    const shop = await WatchedCluster.inTest(hub, 'away', SHOP);
    await shop.start();
    await shop.server.stop();
    await shop.isAway();
    expect(await accepted(shop)).toEqual([null]);

    await shop.decide(accepting());
    expect(await accepted(shop)).toEqual(['We know.']);

    await shop.decide(UNDECIDED);
    expect(await accepted(shop)).toEqual([null]);
  }, 60_000);

  it('what is accepted until a day ends with it', async () => {
    const shop = await WatchedCluster.inTest(hub, 'until', SHOP);
    shop.now = new Date('2026-11-26T10:00:00Z');
    await shop.start(accepting({ until: '2026-11-30' }));
    expect(await accepted(shop)).toEqual(['We know.']);
    await shop.server.stop();
    await shop.isAway();

    shop.now = new Date('2026-12-01T00:01:00Z');
    await shop.tick();

    expect(await accepted(shop)).toEqual([null]);
  }, 60_000);
});

it('decisions hold for objects that are not seen since a start', async () => {
  const shop = await WatchedCluster.inTest(hub, 'denied', SHOP);
  await shop.start();
  await shop.stop();
  deny(shop);

  await shop.start(accepting());
  expect(await accepted(shop)).toEqual(['We know.']);

  await shop.decide(UNDECIDED);
  expect(await accepted(shop)).toEqual([null]);
}, 60_000);

describe('where no hub records a cluster, as it does not answer since the start', () => {
  const away = (shop: WatchedCluster, settings: DecisionSettings, now = '2026-11-26T10:00:00Z') =>
    new AwayDecisions({ store: hub.store, cluster: shop.id, now: () => new Date(now) }, settings);

  it('decisions hold all the same, and change nothing else', async () => {
    const shop = await WatchedCluster.inTest(hub, 'unrecorded', SHOP);
    await shop.start();
    await shop.stop();
    const before = await shop.kept();

    const decisions = away(shop, UNDECIDED);
    await decisions.settle();
    expect(await shop.kept()).toEqual(before);

    await decisions.decide(accepting());
    expect(await accepted(shop)).toEqual(['We know.']);
    await decisions.decide(UNDECIDED);
    expect(await accepted(shop)).toEqual([null]);
    expect((await shop.kept())['resource']).toEqual(before['resource']);
  }, 60_000);

  it('what stands in an object ends with its day', async () => {
    const shop = await WatchedCluster.inTest(hub, 'annotated', SHOP);
    shop.now = new Date('2026-11-26T10:00:00Z');
    await shop.start({ ...UNDECIDED, requestFrom: 'critical' });
    await shop.stop();
    const [before] = await accepted(shop, 'host-pid');

    const settings: DecisionSettings = { ...UNDECIDED, requestFrom: 'critical' };
    await away(shop, settings).settle();
    expect(await accepted(shop, 'host-pid')).toEqual([before]);
    await away(shop, settings, '2027-02-01T00:01:00Z').settle();
    expect(await accepted(shop, 'host-pid')).toEqual([null]);
  }, 60_000);

  it('the hub that records it decides', async () => {
    const shop = await WatchedCluster.inTest(hub, 'recorded', SHOP);
    await shop.start();
    await shop.stop();
    const lease = holdLease(hub.url, { duty: shop.id, onChange: () => undefined });
    try {
      await expect.poll(() => isHeld(shop.id)).toBe(true);
      await away(shop, accepting()).settle();
      expect(await accepted(shop)).toEqual([null]);
    } finally {
      await lease.release();
    }
  }, 60_000);
});

async function isHeld(duty: number): Promise<boolean> {
  const { rows } = await hub.store.pool.query<{ count: number }>(
    "select count(*)::int as count from pg_locks where locktype = 'advisory' and objid = $1",
    [duty],
  );
  return (rows[0]?.count ?? 0) > 0;
}
