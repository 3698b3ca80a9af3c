import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelRecord } from './channels.ts';
import { listDeliveries } from './deliveries.ts';
import { finding, shown, TestGathering } from './gathering.testing.ts';
import { deleteRoute, listRoutes, type NewRoute } from './routes.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

const CONTROL = 'privileged';
const HIGH = 3;
const CRITICAL = 4;
const FOUND = finding(CONTROL);
const OPENED = [`opened ${CONTROL}`];
const RESOLVED = [`resolved ${CONTROL}`];
const AT_ONCE = { digestMinutes: 0 };

const deliveries = () => listDeliveries(gathering.store, { limit: 99, below: undefined, channel: undefined });

/** Routes to one channel of some type, in this order. */
async function routesTo(type: ChannelRecord['type'], all: readonly Partial<NewRoute>[]): Promise<void> {
  const channelId = await gathering.channel(type);
  for (const more of all) await gathering.route({ ...more, channelId });
}

const routes = (...all: readonly Partial<NewRoute>[]) => routesTo('webhook', all);

/** What comes until some minute, message by message. */
async function toldUntil(minute: number): Promise<readonly (readonly string[] | undefined)[]> {
  const told = [];
  for (let more = await gathering.message(minute); more; more = await gathering.message(minute))
    told.push(shown(more));
  return told;
}

describe('what several routes to a channel would tell it', () => {
  const TO_CONTACT = { ...AT_ONCE, toContact: true };
  const cases: readonly {
    readonly what: string;
    readonly all: readonly Partial<NewRoute>[];
    readonly type?: ChannelRecord['type'];
    readonly isReached?: boolean;
  }[] = [
    { what: 'two that tell at once', all: [AT_ONCE, AT_ONCE] },
    { what: 'one of owners and one of everything', all: [{ ...AT_ONCE, owners: ['storefront'] }, AT_ONCE] },
    { what: 'two digests', all: [{ digestMinutes: 30 }, { digestMinutes: 60 }] },
    { what: 'a digest and one that tells at once', all: [{ digestMinutes: 30 }, AT_ONCE] },
    { what: 'one that tells at once and a digest', all: [AT_ONCE, { digestMinutes: 30 }] },
    {
      what: 'two that lead to the contacts of owners',
      all: [TO_CONTACT, TO_CONTACT],
      type: 'smtp',
      isReached: true,
    },
    { what: 'one to the contact of an owner who has none', all: [TO_CONTACT, AT_ONCE], type: 'smtp' },
    { what: 'one to it and a digest', all: [AT_ONCE, { digestMinutes: 30, toContact: true }], type: 'smtp' },
    { what: 'one to the contact of an owner in a webhook', all: [AT_ONCE, TO_CONTACT], isReached: true },
  ];

  it.each(cases)(
    'is told once, and its end once: $what',
    async ({ all, type = 'webhook', isReached = false }) => {
      if (isReached) await gathering.reach(['storefront']);
      await routesTo(type, all);
      await gathering.write(1, [FOUND]);
      expect(await toldUntil(100)).toEqual([OPENED]);
      await gathering.write(101, [], [FOUND]);
      expect(await toldUntil(200)).toEqual([RESOLVED]);
      expect(await toldUntil(500)).toEqual([]);
    },
  );

  it('is told at once where one of them does so, with everything else in the digest', async () => {
    await routes({ digestMinutes: 30 }, { ...AT_ONCE, severity: CRITICAL });
    const worst = finding('worst', { severity: 'critical' });
    await gathering.write(1, [worst, FOUND]);

    expect(shown(await gathering.message(1))).toEqual(['opened worst']);
    expect((await deliveries()).find(({ state }) => state === 'gathering')).toMatchObject({ gathered: 1 });
    expect(await toldUntil(40)).toEqual([OPENED]);
  });

  it('is told once where it got bad enough for another route before the digest had told it', async () => {
    await routes({ digestMinutes: 30 }, { ...AT_ONCE, severity: CRITICAL });
    await gathering.write(1, [FOUND]);
    await gathering.write(2, [finding(CONTROL, { severity: 'critical' })]);

    expect((await gathering.message(2))?.items).toMatchObject([{ severity: CRITICAL }]);
    expect(await deliveries()).toHaveLength(1);
    expect(await toldUntil(100)).toEqual([]);
  });

  it('is not told again where another team has it, of which another route tells', async () => {
    await routes({ ...AT_ONCE, owners: ['storefront'] }, { ...AT_ONCE, owners: ['payments'] });
    await gathering.write(1, [FOUND]);
    expect(await toldUntil(1)).toEqual([OPENED]);
    await gathering.write(2, [finding(CONTROL, { team: 'payments' })]);
    expect(await toldUntil(2)).toEqual([]);
    await gathering.write(3, [], [FOUND]);

    expect(await toldUntil(3)).toEqual([RESOLVED]);
  });

  it('is told by the route of the other team where that of the first has not told it, as it was deferred', async () => {
    await routes({ ...AT_ONCE, owners: ['storefront'] }, { ...AT_ONCE, owners: ['payments'] });
    await gathering.write(1, [FOUND]);
    await gathering.defer(FOUND, 60);
    expect(await toldUntil(2)).toEqual([]);
    await gathering.write(3, [finding(CONTROL, { team: 'payments' })]);
    expect(await toldUntil(4)).toEqual([]);

    expect(await toldUntil(61)).toEqual([OPENED]);
    expect(await toldUntil(500)).toEqual([]);
  });

  it('is told once when it is no longer deferred', async () => {
    await routes(AT_ONCE, { digestMinutes: 30 });
    await gathering.write(1, [FOUND]);
    await gathering.defer(FOUND, 60);
    expect(await toldUntil(59)).toEqual([]);

    expect(await toldUntil(500)).toEqual([OPENED]);
    expect(await toldUntil(900)).toEqual([]);
  });

  it('ends for a route that tells that, although another one told the beginning and the first wants it no more', async () => {
    await routes(AT_ONCE, { ...AT_ONCE, severity: HIGH });
    await gathering.changeRoute({ tellsResolved: false });
    await gathering.write(1, [FOUND]);
    expect(await toldUntil(1)).toEqual([OPENED]);
    await gathering.write(2, [finding(CONTROL, { severity: 'low' })]);
    await gathering.write(3, [], [FOUND]);

    expect(await toldUntil(3)).toEqual([RESOLVED]);
  });

  it('does not end for a route that was to tell nothing of it', async () => {
    await routes({ ...AT_ONCE, tellsResolved: false }, { ...AT_ONCE, owners: ['payments'] });
    await gathering.write(1, [FOUND]);
    expect(await toldUntil(1)).toEqual([OPENED]);
    await gathering.write(3, [], [FOUND]);

    expect(await toldUntil(3)).toEqual([]);
  });

  it('ends after it began, also where that is stuck in another route', async () => {
    await routes({ ...AT_ONCE, tellsResolved: false }, { digestMinutes: 30 });
    await gathering.write(1, [FOUND]);
    await gathering.refuse(1, 60);
    await gathering.write(2, [], [FOUND]);

    expect(await gathering.message(40)).toBeUndefined();
    expect(await gathering.message(60)).toBeUndefined();
    expect(shown(await gathering.message(62))).toEqual(RESOLVED);
  });

  it('comes also where the route that tells it is removed before its receiver has it', async () => {
    await routes(AT_ONCE, { digestMinutes: 30 });
    await gathering.write(1, [FOUND]);
    await gathering.refuse(1, 60);
    const [first] = (await listRoutes(gathering.store)).toSorted((a, b) => a.id - b.id);
    await deleteRoute(gathering.store, first?.id ?? 0);

    expect(await deliveries()).toMatchObject([{ state: 'waiting' }]);
    expect(await gathering.message(60)).toBeUndefined();
    expect(await deliveries()).toMatchObject([{ state: 'sent' }]);
  });

  it('is told to each channel and each reader of one', async () => {
    await gathering.reach(['storefront']);
    await routesTo('smtp', [AT_ONCE, TO_CONTACT]);
    await gathering.route(AT_ONCE);
    await gathering.write(1, [FOUND]);

    expect(await toldUntil(1)).toEqual([OPENED, OPENED, OPENED]);
  });
});

describe('single messages that become one', () => {
  it('are not listed with nothing in them', async () => {
    await gathering.route(AT_ONCE);
    const cause = (index: number) => finding(`control-${index}`);
    await gathering.find(1, [cause(0), cause(1)]);
    await gathering.plan(1, 2);
    expect(await deliveries()).toHaveLength(2);
    await gathering.find(
      1,
      Array.from({ length: 30 }, (_each, index) => cause(2 + index)),
    );
    await gathering.plan(1, 2);

    expect(await deliveries()).toMatchObject([{ topic: 'digest', state: 'gathering', gathered: 32 }]);
  });
});
