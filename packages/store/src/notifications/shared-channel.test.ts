import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FindingRow } from '../write/rows.ts';
import { listDeliveries } from './deliveries.ts';
import { ACCEPTED, at, finding, shown, TestGathering } from './gathering.testing.ts';
import { planDeliveries } from './plan.ts';
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

/** Routes to one channel, in this order. */
async function routes(...all: readonly Partial<NewRoute>[]): Promise<void> {
  const channelId = await gathering.channel();
  for (const more of all) await gathering.route({ ...more, channelId });
}

/** What comes until some minute, message by message. */
async function toldUntil(minute: number): Promise<readonly (readonly string[] | undefined)[]> {
  const told = [];
  for (let more = await gathering.message(minute); more; more = await gathering.message(minute))
    told.push(shown(more));
  return told;
}

describe('what several routes to a channel would tell it', () => {
  const cases: readonly { readonly what: string; readonly all: readonly Partial<NewRoute>[] }[] = [
    { what: 'two that tell at once', all: [AT_ONCE, AT_ONCE] },
    { what: 'one of owners and one of everything', all: [{ ...AT_ONCE, owners: ['storefront'] }, AT_ONCE] },
    { what: 'two digests', all: [{ digestMinutes: 30 }, { digestMinutes: 60 }] },
    { what: 'a digest and one that tells at once', all: [{ digestMinutes: 30 }, AT_ONCE] },
    { what: 'one that tells at once and a digest', all: [AT_ONCE, { digestMinutes: 30 }] },
    {
      what: 'two that lead to the contacts of owners',
      all: [AT_ONCE, AT_ONCE].map((each) => ({ ...each, toContact: true })),
    },
  ];

  it.each(cases)('is told once, and its end once: $what', async ({ all }) => {
    await routes(...all);
    await gathering.write(1, [FOUND]);
    expect(await toldUntil(100)).toEqual([OPENED]);
    await gathering.write(101, [], [FOUND]);
    expect(await toldUntil(200)).toEqual([RESOLVED]);
    expect(await toldUntil(500)).toEqual([]);
  });

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
    const channelId = await gathering.route(AT_ONCE);
    await gathering.route({ ...AT_ONCE, channelId, toContact: true });
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
    await planDeliveries(gathering.store, at(1), at(2));
    expect(await deliveries()).toHaveLength(2);
    await gathering.find(
      1,
      Array.from({ length: 30 }, (_each, index) => cause(2 + index)),
    );
    await planDeliveries(gathering.store, at(1), at(2));

    expect(await deliveries()).toMatchObject([{ topic: 'digest', state: 'gathering', gathered: 32 }]);
  });
});

describe('a channel to which several routes lead', () => {
  const STATES: Readonly<Record<string, FindingRow | undefined>> = {
    low: finding(CONTROL, { severity: 'low' }),
    high: FOUND,
    critical: finding(CONTROL, { severity: 'critical' }),
    accepted: finding(CONTROL, { exception: ACCEPTED }),
    moved: finding(CONTROL, { team: 'payments' }),
    gone: undefined,
  };
  const step = fc.constantFrom<string>(
    'low',
    'high',
    'critical',
    'accepted',
    'moved',
    'gone',
    'gone',
    'look',
    'look',
  );
  const LONGEST = 200;
  const route = fc.record({
    digestMinutes: fc.constantFrom<number>(0, 30, 60, LONGEST),
    severity: fc.constantFrom<number>(1, HIGH, CRITICAL),
    owners: fc.constantFrom<string[] | null>(null, ['storefront'], ['payments']),
  });

  const WORST = { digestMinutes: 0, severity: CRITICAL, owners: null };
  const DIGEST = { digestMinutes: 60, severity: 1, owners: null };
  /** What got worse is looked for before its digest is due. */
  const LATE = ['low', 'low', 'look', 'moved', 'look', 'look', 'low'];

  it('hears of each beginning once and of each end once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(route, { minLength: 2, maxLength: 3 }),
        fc.array(step, { minLength: 2, maxLength: 12 }),
        async (all, steps) => {
          await gathering.reset();
          await routes(...all);
          let minute = 0;
          let is = 'gone';
          let isHeard = false;
          // That it got worse, or came back, or was no longer accepted: each may be told until the longest digest of it has gone.
          // At which look it was planned.
          let news: readonly number[] = [];
          const listen = async (): Promise<void> => {
            news = news.map((planned) => Math.min(planned, minute));
            for (const [told] of (await toldUntil(minute)).map((each) => each ?? [])) {
              const isOpened = told === OPENED[0];
              if (isOpened) expect(isHeard && news.length === 0).toBe(false);
              else expect(isHeard).toBe(true);
              isHeard = isOpened;
              if (isOpened) news = news.slice(1);
            }
            news = news.filter((planned) => planned > minute - LONGEST);
          };
          for (const next of [...steps, 'gone', 'look']) {
            minute += 40;
            if (next === 'look') await listen();
            else if (next !== is) {
              const found = STATES[next];
              const isWorse =
                ['low', 'critical', 'accepted', 'gone'].includes(is) ||
                next === 'critical' ||
                found === undefined;
              if (isWorse) news = [...news, Number.POSITIVE_INFINITY];
              await (found === undefined
                ? gathering.write(minute, [], [FOUND])
                : gathering.write(minute, [found]));
              is = next;
            }
          }
          for (const _ of [1, 2, 3]) {
            minute += 300;
            await listen();
          }

          expect(isHeard).toBe(false);
        },
      ),
      { numRuns: 30, examples: [[[DIGEST, WORST, WORST], LATE]] },
    );
  }, 240_000);
});
