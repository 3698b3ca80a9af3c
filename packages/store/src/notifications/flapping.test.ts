import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listDeliveries } from './deliveries.ts';
import { CONTROL, FOUND, finding, shown, TestGathering } from './gathering.testing.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

const ROUNDS = 20;
const BACK = 600;
const ofOwner = (team: string) => finding(CONTROL, { team });

const deliveries = () => listDeliveries(gathering.store, { limit: 99, below: undefined, channel: undefined });

/** Has a receiver go away as it is told of something, which then ends and comes back many times; the minute at which that is over. */
async function flap(owners: readonly [string, string]): Promise<number> {
  await gathering.write(1, [FOUND]);
  await gathering.refuse(1, BACK);
  let minute = 1;
  for (let round = 0; round < ROUNDS; round++) {
    await gathering.write(++minute, [], [FOUND]);
    expect(await gathering.message(minute)).toBeUndefined();
    await gathering.write(++minute, [ofOwner(owners[round % 2] ?? '')]);
    expect(await gathering.message(minute)).toBeUndefined();
  }
  return minute;
}

/** What comes after the message that was made before its receiver went away. */
async function toldThen() {
  expect(await gathering.message(BACK)).toBeUndefined();
  const told = [];
  for (let more = await gathering.message(BACK); more; more = await gathering.message(BACK)) told.push(more);
  return told;
}

describe.each([
  { by: 'the same cause', owners: ['storefront', 'storefront'] as const },
  { by: 'one cause and another', owners: ['payments', 'storefront'] as const },
])('what comes and goes by $by while a receiver is away', ({ owners }) => {
  it('is told once, with how often it came back', async () => {
    await gathering.route({ digestMinutes: 0 });
    const minute = await flap(owners);
    await gathering.write(minute + 1, [], [FOUND]);
    expect(await gathering.message(minute + 1)).toBeUndefined();
    expect(await deliveries()).toHaveLength(2);

    const told = await toldThen();

    expect(told.map(shown)).toEqual([[`resolved ${CONTROL}`]]);
    expect(told[0]?.items).toMatchObject([{ returns: ROUNDS }]);
  });

  it('is told to nobody where it is as it was', async () => {
    await gathering.route({ digestMinutes: 0 });
    await flap(owners);

    expect(await toldThen()).toEqual([]);
    expect(await deliveries()).toMatchObject([{ state: 'sent' }]);
  });
});

describe('what comes while something else comes and goes', () => {
  it('is told as soon as nothing of its message has to wait', async () => {
    await gathering.route({ digestMinutes: 0 });
    await gathering.write(1, [FOUND]);
    await gathering.refuse(1, BACK);
    await gathering.write(2, [finding(CONTROL, { name: 'other' })], [FOUND]);
    expect(await gathering.message(2)).toBeUndefined();
    await gathering.write(3, [FOUND]);

    const message = await gathering.message(3);

    expect(message?.items).toMatchObject([{ name: 'other', isResolved: false }]);
    expect(await toldThen()).toEqual([]);
  });
});

describe('what goes to the contacts of owners', () => {
  it('tells each of them what it was told, where it comes back as that of another', async () => {
    await gathering.reach(['storefront', 'payments']);
    await gathering.route({ digestMinutes: 0, toContact: true });
    await gathering.write(1, [FOUND]);
    await gathering.refuse(1, BACK);
    await gathering.write(2, [], [FOUND]);
    expect(await gathering.message(2)).toBeUndefined();
    await gathering.write(3, [ofOwner('payments')]);
    expect(await gathering.message(3)).toBeUndefined();

    expect((await toldThen()).map((each) => [each.owners, shown(each)])).toEqual([
      [['storefront'], [`resolved ${CONTROL}`]],
      [['payments'], [`opened ${CONTROL}`]],
    ]);
  });
});
