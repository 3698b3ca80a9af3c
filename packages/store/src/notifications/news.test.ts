import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FindingRow } from '../write/rows.ts';
import { ACCEPTED, CONTROL, FOUND, finding, shown, TestGathering } from './gathering.testing.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

/** A finding in some state; `gone` is that it is not there. */
type State = 'medium' | 'high' | 'accepted' | 'gone';

function inState(state: Exclude<State, 'gone'>): FindingRow {
  const severity = state === 'medium' ? 'medium' : 'high';
  return finding(CONTROL, { severity, exception: state === 'accepted' ? ACCEPTED : undefined });
}

function enter(minute: number, state: State): Promise<void> {
  return state === 'gone' ? gathering.write(minute, [], [FOUND]) : gathering.write(minute, [inState(state)]);
}

const HIGH = 3;

describe('news of a finding in one message', () => {
  const cases: readonly {
    readonly what: string;
    readonly before: State;
    readonly after: readonly State[];
    readonly severity?: number;
    readonly is: readonly string[] | undefined;
  }[] = [
    { what: 'came and went', before: 'gone', after: ['high', 'gone'], is: undefined },
    { what: 'went and came again', before: 'high', after: ['gone', 'high'], is: undefined },
    {
      what: 'went, came again and is gone',
      before: 'high',
      after: ['gone', 'high', 'gone'],
      is: ['resolved'],
    },
    { what: 'went and came again worse', before: 'medium', after: ['gone', 'high'], is: ['opened'] },
    { what: 'got worse and went', before: 'medium', after: ['high', 'gone'], is: undefined },
    { what: 'was accepted before and went', before: 'accepted', after: ['high', 'gone'], is: undefined },
    { what: 'was accepted for a moment', before: 'high', after: ['accepted', 'high'], is: ['opened'] },
    {
      what: 'went after it got bad enough for the route',
      before: 'medium',
      after: ['high', 'gone'],
      severity: HIGH,
      is: undefined,
    },
    {
      what: 'got bad enough for the route',
      before: 'medium',
      after: ['high'],
      severity: HIGH,
      is: ['opened'],
    },
  ];

  it.each(cases)('that $what is $is', async ({ before, after, severity = 0, is }) => {
    if (before !== 'gone') await enter(1, before);
    await gathering.route({ severity });
    for (const [index, state] of after.entries()) await enter(2 + index, state);

    expect(shown(await gathering.message(40))).toEqual(is?.map((each) => `${each} ${CONTROL}`));
  });
});

describe('whoever hears everything that is told', () => {
  const step = fc.oneof(
    fc.constantFrom<State>('medium', 'high', 'accepted', 'gone'),
    fc.constantFrom('look' as const, 'defer' as const, 'take back' as const),
  );

  it('knows in the end what is open, and is told nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
        await gathering.reset();
        await gathering.route();
        let minute = 0;
        let is: State = 'gone';
        let heard: 'opened' | 'resolved' = 'resolved';
        // What makes an opening news, although it was heard.
        let again = true;
        const listen = async (): Promise<void> => {
          for (let more = await gathering.message(minute); more; more = await gathering.message(minute)) {
            const [told] = shown(more) ?? [];
            expect(told === `opened ${CONTROL}` && heard === 'opened' && !again).toBe(false);
            expect(told === `resolved ${CONTROL}` && heard === 'resolved').toBe(false);
            heard = told === `opened ${CONTROL}` ? 'opened' : 'resolved';
            again = false;
          }
        };
        for (const next of steps) {
          minute += 40;
          if (next === 'look') await listen();
          else if (next === 'defer') await gathering.defer(FOUND, minute + 1000);
          else if (next === 'take back') await gathering.defer(FOUND, null);
          else if (next !== is) {
            if (next !== 'medium' || is !== 'high') again = true;
            is = next;
            await enter(minute, next);
          }
        }
        await gathering.defer(FOUND, null);
        for (const _ of [1, 2, 3]) {
          minute += 40;
          await listen();
        }

        if (is === 'gone') expect(heard).toBe('resolved');
        if (is === 'medium' || is === 'high') expect(heard).toBe('opened');
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});
