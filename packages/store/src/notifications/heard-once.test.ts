import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FindingRow } from '../write/rows.ts';
import type { ChannelRecord } from './channels.ts';
import { ACCEPTED, CONTROL, FOUND, finding, MOVED, shown, TestGathering } from './gathering.testing.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
afterAll(() => gathering?.stop());

const HIGH = 3;
const CRITICAL = 4;
const LONGEST = 200;

const STATES: Readonly<Record<string, FindingRow | undefined>> = {
  low: finding(CONTROL, { severity: 'low' }),
  high: FOUND,
  critical: finding(CONTROL, { severity: 'critical' }),
  accepted: finding(CONTROL, { exception: ACCEPTED }),
  moved: MOVED,
  gone: undefined,
};

/** By which contact owners are reached, one after the other: by none, by their own, by one that they have in common. */
const CONTACTS: readonly ((owner: string) => string | undefined)[] = [
  () => undefined,
  (owner) => `#${owner}`,
  () => '#on-call',
];

/** Whether something got worse, or came back, or is no longer accepted, or went: then it may be told anew. */
function isNewsAfter(before: string, after: string): boolean {
  return ['low', 'critical', 'accepted', 'gone'].includes(before) || after === 'critical' || after === 'gone';
}

interface Heard {
  readonly isOpen: boolean;
  /** Of each that may be told, at which look it was planned: it may be until the longest digest of it has gone. */
  readonly news: readonly number[];
}

/** What the readers of a channel have heard: the channel itself, and contacts of owners. */
class Readers {
  private news: readonly number[] = [];
  private readonly heard = new Map<string, Heard>();

  /** Something happens that may be told to each of them. */
  happen(): void {
    this.change((news) => [...news, Number.POSITIVE_INFINITY]);
  }

  /** Looks at some minute for what comes. */
  async listen(minute: number): Promise<void> {
    this.change((news) => news.map((planned) => Math.min(planned, minute)));
    for (let more = await gathering.sent(minute); more; more = await gathering.sent(minute)) {
      const told = shown(more.gathered) ?? [];
      expect(told).toHaveLength(1);
      this.hear(more.reader, told[0] === `opened ${CONTROL}`);
    }
    this.change((news) => news.filter((planned) => planned > minute - LONGEST));
  }

  /** Those who know no better than that it is there. */
  get open(): readonly string[] {
    return [...this.heard].filter(([, { isOpen }]) => isOpen).map(([reader]) => reader);
  }

  private hear(reader: string, isOpened: boolean): void {
    const { isOpen, news } = this.heard.get(reader) ?? { isOpen: false, news: this.news };
    if (isOpened) expect(isOpen && news.length === 0).toBe(false);
    else expect(isOpen).toBe(true);
    this.heard.set(reader, { isOpen: isOpened, news: isOpened ? news.slice(1) : news });
  }

  private change(change: (news: readonly number[]) => readonly number[]): void {
    this.news = change(this.news);
    for (const [reader, { isOpen, news }] of this.heard)
      this.heard.set(reader, { isOpen, news: change(news) });
  }
}

describe('a channel to which several routes lead', () => {
  const step = fc.constantFrom<string>(
    ...['low', 'high', 'critical', 'accepted', 'moved', 'gone', 'gone', 'look', 'look', 'reached'],
  );
  const route = fc.record({
    digestMinutes: fc.constantFrom<number>(0, 30, 60, LONGEST),
    severity: fc.constantFrom<number>(1, HIGH, CRITICAL),
    owners: fc.constantFrom<string[] | null>(null, ['storefront'], ['payments']),
    toContact: fc.boolean(),
  });
  const type = fc.constantFrom<ChannelRecord['type']>('webhook', 'smtp');
  const DIGEST = { digestMinutes: 60, severity: 1, owners: null, toContact: false };
  const WORST = { digestMinutes: 0, severity: CRITICAL, owners: null, toContact: false };
  /** What got worse is looked for before its digest is due. */
  const LATE = ['low', 'low', 'look', 'moved', 'look', 'look', 'low'];

  const TO_OWNERS = { digestMinutes: LONGEST, severity: 1, owners: null, toContact: true };
  const OF_PAYMENTS = { digestMinutes: LONGEST, severity: 1, owners: ['payments'], toContact: false };
  /** What one route has not told, as it was another's by then, another tells of meanwhile. */
  const UNTOLD = ['moved', 'critical', 'look', 'look', 'high', 'gone', 'moved', 'low'];
  /** What went and came is nothing to one route, and to the other what came again is none of its owners'. */
  const CAME_AGAIN = ['low', 'low', 'look', 'moved', 'gone', 'low', 'look'];

  it('hears of each beginning once and of each end once, as does each contact that is told in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        type,
        fc.array(route, { minLength: 2, maxLength: 3 }),
        fc.array(step, { minLength: 2, maxLength: 12 }),
        async (kind, routes, steps) => {
          await gathering.reset();
          const channelId = await gathering.channel(kind);
          for (const each of routes) await gathering.route({ ...each, channelId });
          const readers = new Readers();
          let minute = 0;
          let is = 'gone';
          let reach = 0;
          for (const next of [...steps, 'gone', 'look']) {
            minute += 40;
            if (next === 'look') await readers.listen(minute);
            else if (next === 'reached') {
              await gathering.reach(['storefront', 'payments'], CONTACTS[++reach % CONTACTS.length]);
            } else if (next !== is) {
              if (isNewsAfter(is, next)) readers.happen();
              const found = STATES[next];
              await (found === undefined
                ? gathering.write(minute, [], [FOUND])
                : gathering.write(minute, [found]));
              is = next;
            }
          }
          for (const _ of [1, 2, 3]) {
            minute += 300;
            await readers.listen(minute);
          }

          expect(readers.open).toEqual([]);
        },
      ),
      {
        numRuns: 30,
        examples: [
          ['webhook', [DIGEST, WORST, WORST], LATE],
          ['webhook', [TO_OWNERS, DIGEST, WORST], UNTOLD],
          ['webhook', [OF_PAYMENTS, DIGEST], CAME_AGAIN],
        ],
      },
    );
  }, 240_000);
});
