import type { Exception } from '@bulwark/core';
import { holdLease } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestHub, UNDECIDED } from '../handlers/test-cluster.ts';
import { AwayDecisions } from './away-decisions.ts';
import { type DecisionSettings, requestKey } from './decisions.ts';
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

  it('nothing is written of what stays as it was decided, whichever release wrote it', async () => {
    const shop = await WatchedCluster.inTest(hub, 'older', SHOP);
    await shop.start(accepting());
    await shop.server.stop();
    await shop.isAway();
    // What a digest is made of is a matter of each release.
    await hub.store.pool.query('update finding set digest = gen_random_uuid() where cluster_id = $1', [
      shop.id,
    ]);
    const digests = async (): Promise<unknown[]> =>
      (
        await hub.store.pool.query(
          'select control, digest from finding where cluster_id = $1 order by fingerprint',
          [shop.id],
        )
      ).rows;
    const before = await digests();

    await shop.decide(accepting());
    expect(before.length).toBeGreaterThan(3);
    expect(await digests()).toEqual(before);

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

describe('while nothing can be listed of a cluster that answers since the start', () => {
  const begun = async (name: string, decisions: DecisionSettings): Promise<WatchedCluster> => {
    const shop = await WatchedCluster.inTest(hub, name, SHOP);
    shop.now = new Date('2026-11-26T10:00:00Z');
    await shop.start(decisions);
    await shop.stop();
    shop.server.faults.add({ verb: 'list', fault: { status: 500, message: 'etcd is away' } });
    return shop;
  };

  it('what is decided holds at once', async () => {
    const shop = await begun('unlisted', UNDECIDED);
    await shop.begin();

    await shop.decide(accepting());
    expect(await accepted(shop)).toEqual(['We know.']);
    await shop.decide(UNDECIDED);
    expect(await accepted(shop)).toEqual([null]);
  }, 60_000);

  it('what ended while nobody watched does so within moments, and what is listed then is judged by the same', async () => {
    const until = accepting({ until: '2026-11-30' });
    const shop = await begun('unlisted for days', until);
    expect(await accepted(shop)).toEqual(['We know.']);
    shop.now = new Date('2026-12-01T00:01:00Z');
    await shop.begin(until);

    await shop.tick();
    expect(await accepted(shop)).toEqual([null]);

    await shop.decide(accepting());
    shop.server.faults.clear();
    await shop.sees('apps/Deployment', 'live');
    expect(await accepted(shop)).toEqual(['We know.']);
  }, 60_000);
});

const away = (shop: WatchedCluster, settings: DecisionSettings, now = '2026-11-26T10:00:00Z') =>
  new AwayDecisions({ store: hub.store, cluster: shop.id, now: () => new Date(now) }, settings);

describe('an exception in an annotation whose text is not stored, as a secret is in it', () => {
  const TOKEN = 'automount-service-account-token';
  const ASKED_AT = 'Asked at https://a:[redacted]@b.example/c';
  const deployment = (name: string, until: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop
  annotations: { bulwark.dev/except.${TOKEN}: "Asked at https://a:w0nderland@b.example/c; until=${until}; owner=storefront" }
spec:
  selector: { matchLabels: { app: ${name} } }
  template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: a, image: "x:1" }] } }
---`;
  const HIDDEN = objectsOf(`
${deployment('cart', '2026-12-31')}
${deployment('old', '2026-10-31')}
apiVersion: v1
kind: Pod
metadata:
  name: pg-1
  namespace: shop
  labels: { tier: front }
  annotations: { bulwark.dev/except.${TOKEN}: "Asked at https://a:w0nderland@b.example/c; until=2026-12-31" }
  ownerReferences: [{ apiVersion: postgresql.cnpg.io/v1, kind: Cluster, name: pg, controller: true }]
spec: { containers: [{ name: a, image: "x:1", securityContext: { privileged: true } }] }
status: { phase: Running }
---
apiVersion: v1
kind: Pod
metadata:
  name: pg-0
  namespace: shop
  labels: { tier: init }
  ownerReferences: [{ apiVersion: postgresql.cnpg.io/v1, kind: Cluster, name: pg, controller: true }]
spec: { containers: [{ name: a, image: "x:1", securityContext: { privileged: true } }] }
status: { phase: Succeeded }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
  annotations: { bulwark.dev/except.rbac-secrets-read: "Asked at https://a:w0nderland@b.example/c; until=2026-12-31" }
rules: [{ apiGroups: [""], resources: [secrets], verbs: [get, list] }]
---
{ apiVersion: v1, kind: ServiceAccount, metadata: { name: default, namespace: shop } }
`);
  const asked = {
    kind: 'rbac.authorization.k8s.io/ClusterRole',
    namespace: '',
    name: 'reader',
    control: 'rbac-secrets-read',
    reason: ASKED_AT,
    until: '2026-12-31',
  };
  const APPROVED: DecisionSettings = {
    ...UNDECIDED,
    answers: new Map([[requestKey(asked), { id: 7, approvedBy: 'bob' }]]),
  };

  const watched = async (name: string): Promise<WatchedCluster> => {
    const shop = await WatchedCluster.inTest(hub, name, HIDDEN);
    shop.now = new Date('2026-11-26T10:00:00Z');
    await shop.start(APPROVED);
    await shop.stop();
    return shop;
  };
  /** Why findings of the two controls are accepted, by the name of their object. */
  const reasons = async (shop: WatchedCluster): Promise<Record<string, string | null>> => {
    const { rows } = await hub.store.pool.query<{ name: string; reason: string | null }>(
      `select name, exception->>'reason' as reason from finding
       where cluster_id = $1 and control = any($2) order by name`,
      [shop.id, [TOKEN, 'rbac-secrets-read']],
    );
    return Object.fromEntries(rows.map(({ name, reason }) => [name, reason]));
  };
  const requests = async (shop: WatchedCluster): Promise<unknown[]> => {
    const { rows } = await hub.store.pool.query<{ reason: string }>(
      'select reason from exception where cluster_id = $1',
      [shop.id],
    );
    return rows.map(({ reason }) => reason);
  };
  const READ = {
    cart: ASKED_AT,
    old: null,
    pg: ASKED_AT,
    reader: ASKED_AT,
  };
  const NONE = { cart: null, old: null, pg: null, reader: null };

  it('is not stored', async () => {
    const shop = await watched('hidden');
    const { rows } = await hub.store.pool.query<{ content: string }>(
      'select content::text from body where cluster_id = $1',
      [shop.id],
    );
    const stored = rows.map(({ content }) => content).join('\n');

    expect(stored).toContain('[redacted]');
    expect(stored).not.toContain('Asked at');
  }, 60_000);

  it('holds, or has ended, or is approved as it was when it was read', async () => {
    const shop = await watched('read before');
    const before = await shop.kept();
    expect(await reasons(shop)).toEqual(READ);

    await away(shop, APPROVED).settle();

    expect(await shop.kept()).toEqual(before);
    expect(await requests(shop)).toEqual([]);
  }, 60_000);

  it.each([
    ['ends with its day', APPROVED, '2027-01-01T00:01:00Z', NONE],
    ['needs its approval', UNDECIDED, '2026-11-26T10:00:00Z', { ...READ, reader: null }],
    [
      'is not read where none is',
      { ...APPROVED, annotations: { ...UNDECIDED.annotations, annotations: 'ignore' } } as DecisionSettings,
      '2026-11-26T10:00:00Z',
      NONE,
    ],
  ])(
    '%s',
    async (what, settings, now, expected) => {
      const shop = await watched(what);

      await away(shop, settings, now).settle();

      expect(await reasons(shop)).toEqual(expected);
    },
    60_000,
  );

  it('holds for what is not seen since a start', async () => {
    const shop = await watched('denied since');
    const before = await shop.kept();
    shop.server.forbids = ({ verb, resource }) =>
      verb !== 'discovery' && ['deployments', 'clusterroles', 'pods'].includes(resource);

    await shop.start(APPROVED);

    expect(await shop.kept()).toEqual(before);
    expect(await requests(shop)).toEqual([]);
  }, 60_000);

  it('is none where what stands for its text was once taken for its reason', async () => {
    const shop = await watched('mistaken');
    await hub.store.pool.query(
      `update finding set exception = exception || '{"reason": "[redacted]", "until": null, "owner": null}'
       where cluster_id = $1 and exception is not null`,
      [shop.id],
    );

    await away(shop, APPROVED).settle();

    expect(await reasons(shop)).toEqual(NONE);
    expect(await requests(shop)).toEqual([]);
  }, 60_000);

  it('is one of pods that run and are known by their labels, too, where their controller is not collected', async () => {
    const shop = await watched('labelled');

    await away(shop, accepting()).settle();
    expect(await accepted(shop)).toEqual(['We know.']);
    await away(
      shop,
      accepting({ scope: { controls: ['privileged-container'], labels: { tier: 'back' } } }),
    ).settle();
    expect(await accepted(shop)).toEqual([null]);
  }, 60_000);
});

describe('where no hub records a cluster, as it does not answer since the start', () => {
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
