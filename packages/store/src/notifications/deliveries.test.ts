import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimDelivery, finishAttempt, listDeliveries } from './deliveries.ts';
import { at, finding, shown, TestGathering } from './gathering.testing.ts';
import { listRoutes, updateRoute } from './routes.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

const deliveries = () => listDeliveries(gathering.store, { limit: 9, below: undefined, channel: undefined });

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

describe('messages about the same', () => {
  const inShop = (name: string, team: string) => finding('privileged', { name, team });

  /** Has the next message not taken until some minute. */
  async function refuse(minute: number, until: number): Promise<void> {
    const compose = () => ({ id: 'refused' });
    const times = { now: at(minute), leaseEnds: at(minute + 3) };
    const claim = await claimDelivery(gathering.store, times, [], { compose, redundancies: [] });
    if (claim === undefined) throw new Error('there is no message');
    const failed = { state: 'waiting', answer: '503', failures: 1, now: at(minute), due: at(until) } as const;
    await finishAttempt(gathering.store, claim, failed);
  }

  it('come in their order also where the one before waits for another one itself', async () => {
    await gathering.route({ digestMinutes: 0 });
    await gathering.write(1, [inShop('a', 'storefront')]);
    await refuse(1, 60);
    await gathering.write(2, [inShop('b', 'storefront')], [inShop('a', 'storefront')]);
    expect(await gathering.message(3)).toBeUndefined();

    // Told by another message than the opening, as it has another owner by then.
    await gathering.write(4, [inShop('b', 'payments')]);
    await gathering.write(5, [], [inShop('b', 'payments')]);
    expect(await gathering.message(6)).toBeUndefined();
    // Told by another message again, though one for the same waits.
    await gathering.write(7, [inShop('b', 'storefront')]);
    expect(await gathering.message(8)).toBeUndefined();

    const told: (readonly string[] | undefined)[] = [];
    for (const minute of [61, 62, 63, 64]) told.push(shown(await gathering.message(minute)));
    expect(told).toEqual([
      // The one that was not taken, which was made before.
      undefined,
      ['opened privileged', 'resolved privileged'],
      ['resolved privileged'],
      ['opened privileged'],
    ]);
  });
});

describe('what a route has gathered', () => {
  it('goes where the route leads when it is sent', async () => {
    await gathering.route();
    await gathering.write(1, [finding('first')]);
    await gathering.route({ severity: 4 });
    const [old, other] = await listRoutes(gathering.store).then((routes) =>
      routes.toSorted((a, b) => a.id - b.id),
    );
    if (old === undefined || other === undefined) throw new Error('there are two routes');
    await updateRoute(gathering.store, old.id, { ...old, channelId: other.channelId });

    expect(await deliveries()).toMatchObject([{ channelId: other.channelId, state: 'gathering' }]);
  });
});
