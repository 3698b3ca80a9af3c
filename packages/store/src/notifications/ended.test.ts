import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyBatch } from '../write/apply.ts';
import type { FindingRow } from '../write/rows.ts';
import { listDeliveries } from './deliveries.ts';
import { ACCEPTED, at, CONTROL, FOUND, finding, MOVED, shown, TestGathering } from './gathering.testing.ts';
import type { NewRoute } from './routes.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

const HIGH = 3;
const RESOLVED = [`resolved ${CONTROL}`];

/** A route that tells at once what is high, of one owner and in one namespace. */
const CHOOSY = { digestMinutes: 0, severity: HIGH, owners: ['storefront'], namespaces: ['shop'] };

describe('whoever was told that something is there is told that it has ended', () => {
  const cases: readonly {
    readonly what: string;
    readonly later?: Partial<FindingRow>;
    readonly change?: Partial<NewRoute>;
  }[] = [
    { what: 'it is less severe by then', later: { severity: 'medium' } },
    { what: 'it has another owner by then', later: { team: 'payments' } },
    { what: 'it has no owner by then', later: { team: undefined } },
    { what: 'it is accepted by then', later: { exception: ACCEPTED } },
    { what: 'the route asks for what is worse by then', change: { severity: 4 } },
    { what: 'the route asks for other owners by then', change: { owners: ['payments'] } },
    { what: 'the route asks for other namespaces by then', change: { namespaces: ['pay'] } },
    { what: 'nothing has changed' },
  ];

  it.each(cases)('once, where $what', async ({ later = {}, change = {} }) => {
    await gathering.route(CHOOSY);
    await gathering.write(1, [FOUND]);
    expect(shown(await gathering.message(1))).toEqual([`opened ${CONTROL}`]);
    await gathering.write(2, [finding(CONTROL, later)]);
    await gathering.changeRoute(change);
    await gathering.write(3, [], [FOUND]);

    expect(shown(await gathering.message(3))).toEqual(RESOLVED);
    await gathering.write(4, [finding(CONTROL, { severity: 'low' })]);
    await gathering.write(5, [], [FOUND]);
    expect(await gathering.message(5)).toBeUndefined();
  });

  it.each(cases)('in a digest that was to tell both as neither, where $what', async (each) => {
    await gathering.route({ ...CHOOSY, digestMinutes: 30 });
    await gathering.write(1, [FOUND]);
    await gathering.write(2, [finding(CONTROL, each.later ?? {})]);
    await gathering.changeRoute(each.change ?? {});
    await gathering.write(3, [], [FOUND]);

    expect(await gathering.message(90)).toBeUndefined();
  });

  it('also where the beginning is planned at the same moment', async () => {
    await gathering.route(CHOOSY);
    const batch = { resources: [], removed: [], findings: [], resolved: [] };
    const { store, cluster } = gathering;
    await applyBatch(store, cluster, { ...batch, at: at(1), findings: [FOUND] });
    await applyBatch(store, cluster, {
      ...batch,
      at: at(2),
      findings: [finding(CONTROL, { severity: 'low' })],
    });
    await applyBatch(store, cluster, { ...batch, at: at(3), resolved: [FOUND.fingerprint] });
    await gathering.plan(3);

    expect(await gathering.message(3)).toBeUndefined();
  });

  describe('where the message that told it was given up', () => {
    it('is not, as it never came; how it goes on then is told again', async () => {
      await gathering.route(CHOOSY);
      await gathering.write(1, [FOUND]);
      await gathering.giveUp(1);
      await gathering.write(2, [], [FOUND]);
      expect(await gathering.message(2)).toBeUndefined();

      await gathering.write(3, [FOUND]);
      expect(shown(await gathering.message(3))).toEqual([`opened ${CONTROL}`]);
      await gathering.write(4, [], [FOUND]);
      expect(shown(await gathering.message(4))).toEqual(RESOLVED);
    });

    it('is told, where it came before, or may have', async () => {
      await gathering.route(CHOOSY);
      await gathering.write(1, [FOUND]);
      await gathering.giveUp(1, { mayHaveCome: true });
      await gathering.write(2, [], [FOUND]);

      expect(shown(await gathering.message(2))).toEqual(RESOLVED);
    });

    it('is told to those alone to whom it came', async () => {
      const [first, second] = [await gathering.route(CHOOSY), await gathering.route(CHOOSY)];
      await gathering.write(1, [FOUND]);
      expect((await gathering.sent(1))?.reader).toBe(`channel ${first}`);
      await gathering.giveUp(1);
      await gathering.write(2, [], [FOUND]);

      expect(await gathering.sent(2)).toMatchObject({ reader: `channel ${first}` });
      expect(await gathering.sent(2)).toBeUndefined();
      expect(second).not.toBe(first);
    });
  });

  describe('where a backup is put back meanwhile', () => {
    const LOW = finding(CONTROL, { severity: 'low' });

    it('once, however often it comes and goes then where nobody is to be told', async () => {
      await gathering.route(CHOOSY);
      await gathering.write(1, [FOUND]);
      expect(shown(await gathering.message(1))).toEqual([`opened ${CONTROL}`]);
      const again = await gathering.restored();
      try {
        await again.write(2, [LOW]);
        await again.write(3, [], [FOUND]);
        expect(shown(await again.message(3))).toEqual(RESOLVED);
        await again.write(4, [LOW]);
        await again.write(5, [], [FOUND]);

        expect(await again.message(5)).toBeUndefined();
      } finally {
        await again.store.close();
      }
    });

    it('also where nobody knows whether they were, which is not sent again', async () => {
      await gathering.route(CHOOSY);
      await gathering.write(1, [FOUND]);
      await gathering.refuse(1, 5);
      const again = await gathering.restored();
      try {
        expect(await again.message(6)).toBeUndefined();
        expect(
          await listDeliveries(again.store, { limit: 9, below: undefined, channel: undefined }),
        ).toMatchObject([
          { state: 'failed', answer: expect.stringContaining('on its way when the backup was made') },
        ]);
        await again.write(7, [LOW]);
        await again.write(8, [], [FOUND]);

        expect(shown(await again.message(8))).toEqual(RESOLVED);
      } finally {
        await again.store.close();
      }
    });
  });

  it('and nobody else is', async () => {
    await gathering.route(CHOOSY);
    await gathering.route({ ...CHOOSY, severity: 4 });
    await gathering.route({ ...CHOOSY, tellsResolved: false });
    await gathering.write(1, [FOUND]);
    for (const _ of [1, 2]) expect(shown(await gathering.message(1))).toEqual([`opened ${CONTROL}`]);
    await gathering.write(2, [finding(CONTROL, { severity: 'medium' })]);
    await gathering.write(3, [], [FOUND]);

    expect(shown(await gathering.message(3))).toEqual(RESOLVED);
    expect(await gathering.message(3)).toBeUndefined();
  });
});

describe('a route that tells at once', () => {
  it('tells nothing of what got worse as that of another, and is gone, before it could tell any of it', async () => {
    await gathering.route({ digestMinutes: 0 });
    await gathering.write(1, [finding(CONTROL, { severity: 'low' })]);
    await gathering.write(2, [finding(CONTROL, { team: 'payments' })]);
    await gathering.write(3, [finding(CONTROL, { severity: 'low' })]);
    await gathering.write(4, [], [FOUND]);

    expect(await gathering.message(5)).toBeUndefined();
  });

  it('tells no end of what it told no beginning of, as that was accepted by then', async () => {
    await gathering.route({ digestMinutes: 0 });
    await gathering.write(1, [finding(CONTROL, { severity: 'low' })]);
    await gathering.write(2, [finding(CONTROL, { team: 'payments' })]);
    await gathering.write(3, [], [FOUND]);
    await gathering.write(4, [finding(CONTROL, { exception: ACCEPTED })]);

    expect(await gathering.message(5)).toBeUndefined();
  });
});

describe('a route that asks for some findings', () => {
  const STATES = {
    low: finding(CONTROL, { severity: 'low' }),
    high: FOUND,
    critical: finding(CONTROL, { severity: 'critical' }),
    accepted: finding(CONTROL, { exception: ACCEPTED }),
    moved: MOVED,
    gone: undefined,
  };
  type Step = keyof typeof STATES | 'look';
  const step = fc.constantFrom<Step>('low', 'high', 'critical', 'accepted', 'moved', 'gone', 'gone', 'look');

  it('tells the end of each beginning that it told, and of no other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 14 }), async (steps) => {
        await gathering.reset();
        await gathering.route({ ...CHOOSY, digestMinutes: 30 });
        let minute = 0;
        let is: Step = 'gone';
        let isHeard = false;
        const listen = async (): Promise<void> => {
          for (let more = await gathering.message(minute); more; more = await gathering.message(minute)) {
            const isOpened = shown(more)?.[0] === `opened ${CONTROL}`;
            if (!isOpened) expect(isHeard).toBe(true);
            isHeard = isOpened;
          }
        };
        for (const next of [...steps, 'gone', 'look'] as const) {
          minute += 40;
          if (next === 'look') await listen();
          else if (next !== is) {
            const found = STATES[next];
            await (found === undefined
              ? gathering.write(minute, [], [FOUND])
              : gathering.write(minute, [found]));
            is = next;
          }
        }

        expect(isHeard).toBe(false);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
