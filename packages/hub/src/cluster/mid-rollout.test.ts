import type { JsonObject } from '@bulwark/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestHub, UNDECIDED } from '../handlers/test-cluster.ts';
import { AwayDecisions } from './away-decisions.ts';
import type { DecisionSettings } from './decisions.ts';
import { objectsOf, tellEverything, WatchedCluster } from './watched.testing.ts';

const CONTROL = 'memory-limit-missing';
const REASON = 'It is small.';
const ACCEPTED = `bulwark.dev/except.${CONTROL}: "${REASON}; until=2099-01-31"`;

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date());
  await tellEverything(hub);
}, 60_000);

afterAll(async () => {
  await hub?.stop();
});

const spec = (resources: string): string =>
  `{ containers: [{ name: app, image: "example.com/web:1", resources: ${resources} }] }`;

function deployment(annotation: string, resources: string): readonly JsonObject[] {
  return objectsOf(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, uid: d1, annotations: { ${annotation} } }
spec: { selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: ${spec(resources)} } }
`);
}

const BEFORE = deployment(ACCEPTED, '{}');
const MENDED = deployment('', '{ limits: { memory: 1Gi } }');
const PODS = objectsOf(`
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web-1
  namespace: shop
  uid: r1
  ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: web, uid: d1, controller: true }]
spec: { selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: ${spec('{}')} } }
---
apiVersion: v1
kind: Pod
metadata:
  name: web-1-a
  namespace: shop
  uid: p1
  labels: { app: web }
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: r1, controller: true }]
spec: ${spec('{}')}
status: { phase: Running }
`);

/** Every version of the finding there ever was, the oldest first: why it was accepted, and where it showed. */
async function versions({ id }: WatchedCluster): Promise<readonly string[]> {
  const { rows } = await hub.store.pool.query<{ reason: string | null; message: string }>(
    `select exception->>'reason' as reason, message from (
       select exception, message, valid_from from finding where cluster_id = $1 and control = $2
       union all select exception, message, valid_from from finding_past where cluster_id = $1 and control = $2) f
     order by valid_from`,
    [id, CONTROL],
  );
  return rows.map(({ reason, message }) => {
    const state = reason === null ? 'open' : `accepted: ${reason}`;
    return `${state} ${message.includes('Pod/') ? 'in pods' : 'in the template'}`;
  });
}

async function isThere({ id }: WatchedCluster): Promise<boolean> {
  const { rowCount } = await hub.store.pool.query(
    'select from finding where cluster_id = $1 and control = $2',
    [id, CONTROL],
  );
  return rowCount === 1;
}

/** How often it was told that the finding is open. */
async function toldOpen({ id }: WatchedCluster): Promise<number> {
  const { rowCount } = await hub.store.pool.query(
    'select from notice where cluster_id = $1 and control = $2 and not is_resolved',
    [id, CONTROL],
  );
  return rowCount ?? 0;
}

const put = ({ server }: WatchedCluster, objects: readonly JsonObject[]): void => {
  for (const object of objects) server.upsert(object);
};
const removePods = ({ server }: WatchedCluster): void => {
  server.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-1-a' });
  server.delete({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: 'shop', name: 'web-1' });
};

const TEMPLATE = `accepted: ${REASON} in the template`;
const IN_PODS = `accepted: ${REASON} in pods`;
const poll = (ask: () => Promise<unknown>) => expect.poll(ask, { timeout: 30_000 });

let shop: WatchedCluster;
let names = 0;

beforeEach(async () => {
  names++;
  shop = await WatchedCluster.inTest(hub, `shop ${names}`, [...BEFORE, ...PODS]);
  await shop.start();
  expect(await versions(shop)).toEqual([TEMPLATE]);
}, 60_000);

describe('what was accepted until it was mended, by a change that takes its exception away', () => {
  const mend = async (): Promise<void> => {
    put(shop, MENDED);
    await poll(() => versions(shop)).toEqual([TEMPLATE, IN_PODS]);
  };

  it.each<[string, () => Promise<void>]>([
    [
      'restarts in the middle of the rollout',
      async () => {
        await mend();
        await shop.stop();
      },
    ],
    [
      'restarts again and again',
      async () => {
        await mend();
        for (let times = 0; times < 2; times++) {
          await shop.stop();
          await shop.start();
        }
        await shop.stop();
      },
    ],
    [
      'was not there when that was rolled out',
      async () => {
        await shop.stop();
        put(shop, MENDED);
      },
    ],
  ])(
    'stays accepted where the hub %s, and ends with the pods of before',
    async (_what, restart) => {
      await restart();
      await shop.start();
      expect(await versions(shop)).toEqual([TEMPLATE, IN_PODS]);

      removePods(shop);
      await poll(() => isThere(shop)).toBe(false);
      expect(await versions(shop)).toEqual([TEMPLATE, IN_PODS]);
      expect(await toldOpen(shop)).toBe(0);
    },
    90_000,
  );

  it('is without what an earlier version did not take for a secret in its reason', async () => {
    const said = JSON.stringify(`see ${['glpat', 'a1B2c3D4e5F6g7H8i9J0'].join('-')}`);
    await mend();
    await shop.stop();
    await hub.store.pool.query(
      `update finding set exception = jsonb_set(exception, '{reason}', $2), as_made = jsonb_set(as_made, '{accepted,reason}', $2)
       where cluster_id = $1 and control = $3`,
      [shop.id, said, CONTROL],
    );

    await shop.start();

    expect((await versions(shop)).at(-1)).toBe('accepted: see [redacted] in pods');
    const { rows } = await hub.store.pool.query(
      "select as_made->'accepted'->>'reason' as reason from finding where cluster_id = $1 and control = $2",
      [shop.id, CONTROL],
    );
    expect(rows).toEqual([{ reason: 'see [redacted]' }]);
  }, 90_000);

  describe('and whose cluster does not answer since a restart', () => {
    const away = (settings: DecisionSettings, now = new Date()): Promise<void> =>
      new AwayDecisions({ store: hub.store, cluster: shop.id, now: () => now }, settings).settle();

    beforeEach(async () => {
      await mend();
      await shop.stop();
    }, 60_000);

    it('stays as it is', async () => {
      const before = await shop.kept();
      await away(UNDECIDED);

      expect(await shop.kept()).toEqual(before);
    });

    it.each([
      ['on the day after its exception', UNDECIDED, new Date('2099-02-01T00:01:00Z')],
      [
        'where exceptions in objects do not count any more',
        { ...UNDECIDED, annotations: { ...UNDECIDED.annotations, annotations: 'ignore' } } as const,
        undefined,
      ],
    ])('is open %s', async (_when, settings, now) => {
      await away(settings, now);

      expect((await versions(shop)).at(-1)).toBe('open in pods');
    });
  });
});

it('what was not accepted as it was mended is accepted for no longer than its object says so', async () => {
  put(shop, deployment('', '{}'));
  await poll(() => versions(shop)).toEqual([TEMPLATE, 'open in the template']);
  put(shop, deployment(ACCEPTED, '{ limits: { memory: 1Gi } }'));
  await poll(async () => (await versions(shop)).at(-1)).toBe(IN_PODS);
  await shop.stop();

  put(shop, MENDED);
  await shop.start();

  expect((await versions(shop)).at(-1)).toBe('open in pods');
}, 90_000);
