import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyBatch } from '../write/apply.ts';
import { registerCluster } from '../write/clusters.ts';
import { claimDelivery, finishAttempt, listDeliveries } from './deliveries.ts';
import { at, finding, shown, TestGathering } from './gathering.testing.ts';
import { deleteRoute, listRoutes } from './routes.ts';

const MANY = 50_000;

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

const deliveries = () => listDeliveries(gathering.store, { limit: 9, below: undefined, channel: undefined });

/** A channel that no route leads to which tells of what tests find. */
async function otherChannel(): Promise<number> {
  await gathering.route({ severity: 4 });
  const routes = await listRoutes(gathering.store);
  return routes.reduce((last, route) => (route.id > last.id ? route : last)).channelId;
}

describe('a message that cannot be made', () => {
  const claim = (compose: () => never) =>
    claimDelivery(gathering.store, { now: at(2), leaseEnds: at(5) }, [], { compose, redundancies: [] });

  it('is an attempt like others: it keeps what it has gathered, and holds up no other', async () => {
    await gathering.route({ digestMinutes: 0 });
    await gathering.write(1, [finding('first')]);
    await gathering.write(2, [finding('second')]);
    const fault = new TypeError('broken');

    const broken = await claim(() => {
      throw fault;
    });
    expect(broken).toMatchObject({ attempt: 1, failures: 0, message: null, fault });
    if (broken !== undefined)
      await finishAttempt(gathering.store, broken, {
        state: 'waiting',
        answer: 'not made',
        failures: 1,
        now: at(2),
        due: at(10),
      });
    expect((await deliveries()).at(-1)).toMatchObject({ state: 'waiting', answer: 'not made', gathered: 1 });

    expect((await gathering.message(3))?.items).toMatchObject([{ control: 'second' }]);
    expect((await gathering.message(11))?.items).toMatchObject([{ control: 'first' }]);
  });
});

describe('a message that is being sent when its route is removed', () => {
  it.each([
    { became: 'waiting', state: 'failed' },
    { became: 'sent', state: 'sent' },
  ] as const)('is not tried again: $became is $state', async ({ became, state }) => {
    await gathering.route({ digestMinutes: 0 });
    await gathering.write(1, [finding('first')]);
    const making = { compose: () => ({ id: 'x' }), redundancies: [] };
    const claim = await claimDelivery(gathering.store, { now: at(1), leaseEnds: at(4) }, [], making);
    const [route] = await listRoutes(gathering.store);
    await deleteRoute(gathering.store, route?.id ?? 0);
    if (claim !== undefined)
      await finishAttempt(gathering.store, claim, { state: became, answer: 'it', now: at(2), due: at(3) });

    expect(await deliveries()).toMatchObject([{ state, answer: 'it', doneAt: at(2) }]);
  });
});

describe('messages about the same', () => {
  const inShop = (name: string, team: string) => finding('privileged', { name, team });

  it('come in their order, and what waits for none of them comes at once', async () => {
    await gathering.route({ digestMinutes: 0 });
    await gathering.write(1, [inShop('a', 'storefront')]);
    await gathering.refuse(1, 60);
    await gathering.write(2, [inShop('b', 'storefront')], [inShop('a', 'storefront')]);
    expect(await gathering.message(3)).toBeUndefined();

    // Told by another message than the opening, as it has another owner by then: together they are nothing.
    await gathering.write(4, [inShop('b', 'payments')]);
    await gathering.write(5, [], [inShop('b', 'payments')]);
    expect(await gathering.message(6)).toBeUndefined();
    await gathering.write(7, [inShop('b', 'storefront')]);
    expect(shown(await gathering.message(8))).toEqual(['opened privileged']);

    const told: (readonly string[] | undefined)[] = [];
    for (const minute of [61, 62, 63]) told.push(shown(await gathering.message(minute)));
    // The first is the one that was not taken, which was made before.
    expect(told).toEqual([undefined, ['resolved privileged'], undefined]);
  });

  it('do not wait for what is stuck in the channel that their route led to before', async () => {
    await gathering.route({ digestMinutes: 0 });
    await gathering.write(1, [inShop('a', 'storefront')]);
    await gathering.refuse(1, 60);
    await gathering.changeRoute({ channelId: await otherChannel() });
    await gathering.write(2, [inShop('b', 'storefront')], [inShop('a', 'storefront')]);

    expect(shown(await gathering.message(2))).toEqual(['opened privileged', 'resolved privileged']);
  });

  it('do not wait for what is told of another cluster', async () => {
    await gathering.route({ digestMinutes: 0 });
    await gathering.write(1, [inShop('a', 'storefront')]);
    await gathering.refuse(1, 60);
    const identity = { uid: 'v', caHash: 'c', name: 'test', server: '', version: 'v1.34.0', isDemo: false };
    const cluster = await registerCluster(gathering.store, identity, at(2));
    const batch = { at: at(2), resources: [], removed: [], resolved: [] };
    await applyBatch(gathering.store, cluster, { ...batch, findings: [inShop('a', 'storefront')] });

    expect(await gathering.message(2)).toMatchObject({ cluster: { name: 'test' }, opened: 1 });
  });

  it('do not wait for a digest that is under way, where they are told at once', async () => {
    await gathering.route();
    await gathering.write(1, [inShop('a', 'storefront')]);
    await gathering.write(2, [], [inShop('a', 'storefront')]);
    await gathering.write(3, [{ ...inShop('a', 'storefront'), isFirst: true }]);

    expect(await gathering.message(3)).toMatchObject({ topic: 'first', opened: 1 });
  });

  it('are found among tens of thousands of findings in less time than these take to be written', async () => {
    await gathering.route();
    await gathering.write(1, [finding('first')]);
    const began = performance.now();
    // One that waits, as its receiver was away, and one that is due, which have their last finding in common.
    await gathering.store.pool.query(
      `with e as (
         insert into delivery (channel_id, route_id, cluster_id, topic, key, state, at, due)
         select channel_id, route_id, cluster_id, topic, x.key, x.state, at, x.due::timestamptz
         from delivery, (values ('e', 'waiting', $1), ('d', 'gathering', $2)) as x(key, state, due) order by x.key desc returning id, key
       )
       insert into delivery_item (delivery_id, id, is_resolved, fingerprint, control, severity, kind, namespace, name, message)
       select e.id, i, false, case when i = $3 then md5('both') else md5(e.key || i) end::uuid, 'c', 3, 'Pod', 'shop', 'web', 'x'
       from e, generate_series(1, $3::int) i`,
      [at(60), at(2), MANY],
    );
    const written = performance.now() - began;
    const asked = performance.now();

    expect(await gathering.message(3)).toBeUndefined();
    expect(performance.now() - asked).toBeLessThan(written);
  });
});

describe('what a route has gathered', () => {
  it('goes where the route leads when it is sent', async () => {
    await gathering.route();
    await gathering.write(1, [finding('first')]);
    const channelId = await otherChannel();
    await gathering.changeRoute({ channelId });

    expect(await deliveries()).toMatchObject([{ channelId, state: 'gathering' }]);
  });

  it.each([
    { what: 'at once where the route is no digest any more', digestMinutes: 0, due: 1 },
    { what: 'earlier where the route gathers for less long', digestMinutes: 10, due: 11 },
    { what: 'when it was to be where the route gathers for longer', digestMinutes: 1440, due: 31 },
  ])('is sent $what', async ({ digestMinutes, due }) => {
    await gathering.route();
    await gathering.write(1, [finding('first')]);
    await gathering.changeRoute({ digestMinutes });

    expect(await deliveries()).toMatchObject([{ due: at(due) }]);
    expect(shown(await gathering.message(due))).toEqual(['opened first']);
  });
});
