import { holdLease } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestCluster, TestHub } from '../handlers/test-cluster.ts';
import { tellEverything } from './watched.testing.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-26T10:00:00Z'));
}, 60_000);

afterAll(async () => {
  await hub?.stop();
});

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: a, image: "x:1", securityContext: {privileged: true}}]}
`;
const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {type: NodePort, selector: {app: cart}}
`;

async function ranked(cluster: number): Promise<readonly string[]> {
  const { rows } = await hub.store.pool.query<{ id: string }>(
    `select concat_ws('/', kind, namespace, name) as id from workload_risk where cluster_id = $1`,
    [cluster],
  );
  return rows.map(({ id }) => id);
}

it.each([
  { what: 'goes where it is not there any more', sight: 'live', left: [] },
  {
    what: 'stays where its kind is not seen: an outage takes no workload away',
    sight: 'denied',
    left: ['apps/Deployment/shop/cart'],
  },
] as const)('the risk of a workload that was stored before a start $what', async ({ sight, left }) => {
  const before = await hub.cluster(sight, { 'apps/Deployment': 'live', Service: 'live' });
  await before.show(DEPLOYMENT);
  expect(await ranked(before.id)).toEqual(['apps/Deployment/shop/cart']);

  const again = await hub.cluster(sight, { 'apps/Deployment': sight, Service: 'live' });
  await again.show(SERVICE);

  expect(again.id).toBe(before.id);
  expect(await ranked(again.id)).toEqual(left);
});

it('what was found about a Namespace before a start stays while namespaces are not seen, and ends where it is gone', async () => {
  const count = async (): Promise<number> =>
    Number(
      (await hub.store.pool.query(`select from finding where kind = 'Namespace' and name = 'kept'`)).rowCount,
    );
  const space = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: kept }';
  const before = await hub.cluster('kept', { Namespace: 'live', Service: 'live' });
  await before.show(`${space}\n---${DEPLOYMENT.replace('shop', 'kept')}`);
  const found = await count();
  expect(found).toBeGreaterThan(0);

  const again = await hub.cluster('kept', { Namespace: 'denied', Service: 'live' });
  await again.show(SERVICE);
  await again.flush();
  expect(await count()).toBe(found);

  await again.remove('Namespace', '', 'kept');
  await again.sees('Namespace', 'live');
  await again.flush();
  await expect.poll(count).toBe(0);
});

it('what is found after a start is news also where a start before it ended before anything was judged', async () => {
  const kinds = { 'apps/Deployment': 'live', Service: 'live' } as const;
  const before = await hub.cluster('restless', kinds);
  await before.show(SERVICE);
  await before.flush();
  await tellEverything(hub);

  const ended = await hub.cluster('restless', { 'apps/Deployment': 'listing', Service: 'listing' });
  await ended.flush();
  const again = await hub.cluster('restless', kinds);
  await again.show(`${SERVICE}---${DEPLOYMENT}`);
  await again.flush();

  const { rows } = await hub.store.pool.query<{ first: boolean; count: number }>(
    'select is_first as first, count(*)::int from notice where cluster_id = $1 group by 1',
    [again.id],
  );
  expect(rows).toEqual([{ first: false, count: expect.any(Number) }]);
});

interface OpenFinding {
  readonly control: string;
  readonly since: Date;
}

async function open(cluster: number): Promise<readonly OpenFinding[]> {
  const { rows } = await hub.store.pool.query<OpenFinding>(
    `select control, first_seen as since from finding where cluster_id = $1 and kind = 'apps/Deployment'
     order by control, fingerprint`,
    [cluster],
  );
  return rows;
}

const remove = (cluster: TestCluster) => cluster.remove('apps/Deployment', 'shop', 'cart');
const DEPLOYED = 'apps/Deployment/shop/cart';

describe.each([
  { when: 'its list failed at the first judgement', sight: 'pending' },
  { when: 'the right to see it was granted later', sight: 'denied' },
] as const)('what was found before a start in a kind that is seen later, as $when', ({ when, sight }) => {
  it.each([
    { what: 'ends with its object', change: remove, later: 'live', left: 'nothing' },
    { what: 'ends with its kind', change: remove, later: 'absent', left: 'nothing' },
    { what: 'ends with objects that are let go unseen', change: remove, later: 'withheld', left: 'nothing' },
    {
      what: 'ends where its object was mended',
      change: (cluster: TestCluster) =>
        cluster.show(DEPLOYMENT.replace('privileged: true', 'privileged: false')),
      later: 'live',
      left: 'the rest',
    },
    {
      what: 'stays where its object is as it was',
      change: (cluster: TestCluster) => cluster.show(DEPLOYMENT),
      later: 'live',
      left: 'everything',
    },
  ] as const)('$what', async ({ what, change, later, left }) => {
    const name = `${when}: ${what}`;
    const before = await hub.cluster(name, { 'apps/Deployment': 'live', Service: 'live' });
    await before.show(SERVICE);
    await before.show(DEPLOYMENT);
    const found = await open(before.id);
    const rest = found.filter(({ control }) => control !== 'privileged-container');
    expect(rest.length).toBeGreaterThan(0);
    expect(rest.length).toBeLessThan(found.length);

    hub.now = new Date(hub.now.getTime() + 60_000);
    const again = await hub.cluster(name, { 'apps/Deployment': sight, Service: 'live' });
    await again.show(SERVICE);
    await again.flush();
    expect(await open(again.id)).toEqual(found);
    expect(await ranked(again.id)).toEqual([DEPLOYED]);

    await change(again);
    await again.sees('apps/Deployment', later);
    await again.flush();
    const expected = { nothing: [], 'the rest': rest, everything: found }[left];
    await expect
      .poll(async () => {
        await again.flush();
        return open(again.id);
      })
      .toEqual(expected);
    expect(await ranked(again.id)).toEqual(left === 'nothing' ? [] : [DEPLOYED]);
  });
});

it('goes on where the session of the lease is another by the time it is held again, and is not seen as of now meanwhile', async () => {
  const seenAt = async (id: number): Promise<Date | null> => {
    const { rows } = await hub.store.pool.query<{ at: Date | null }>(
      'select last_seen as at from cluster where id = $1',
      [id],
    );
    return rows[0]?.at ?? null;
  };
  const start = hub.now;
  const held = await hub.cluster('held', { Service: 'live' });
  const sessions: number[] = [];
  const lease = holdLease(hub.url, {
    duty: held.id,
    onChange: (state) => {
      if (state.kind === 'held') sessions.push(state.session);
    },
  });
  try {
    await expect.poll(() => sessions.length).toBe(1);
    let session = sessions[0] ?? 0;
    hub.session = () => session;
    const again = await hub.cluster('held', { Service: 'live' });
    await again.show(SERVICE);
    await again.flush();

    // As after the database was away: who writes has lost the lease, and holds it anew a little later.
    session += 1_000_000;
    await again.sees('Service', 'denied');
    await again.sees('Service', 'live');
    hub.now = new Date(start.getTime() + 120_000);
    const flushed = again.flush();
    hub.now = new Date(start.getTime() + 240_000);
    again.answers(hub.now);
    await again.tick();
    expect(await seenAt(held.id)).not.toEqual(hub.now);

    session = sessions[0] ?? 0;
    await flushed;
    await again.tick();
    await again.flush();
    expect(await seenAt(held.id)).toEqual(hub.now);
  } finally {
    hub.session = undefined;
    hub.now = start;
    await lease.release();
  }
});
