import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { finding, shown, TestGathering } from './gathering.testing.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

const PRIVILEGED = finding('privileged');
const BETTER = finding('node-access');

describe('the end of an item', () => {
  it('is an item, too, where it goes together with what says more', async () => {
    await gathering.route();
    await gathering.write(1, [PRIVILEGED]);
    await gathering.message(31);
    await gathering.write(32, [BETTER]);
    await gathering.message(62);
    await gathering.write(63, [], [PRIVILEGED, BETTER]);
    const end = await gathering.message(93);

    expect(shown(end)?.toSorted()).toEqual(['resolved node-access', 'resolved privileged']);
    expect(end).toMatchObject({ resolved: 2, told: 0 });
  });

  it('is none of what was none, and comes before those where not all can be told one by one', async () => {
    await gathering.route();
    const many = Array.from({ length: 30 }, (_each, index) => finding('c', { name: `w${index}` }));
    await gathering.write(1, [PRIVILEGED, BETTER, ...many]);
    const opened = await gathering.message(31);
    // Found in another order.
    await gathering.write(32, [], [...many.toReversed(), BETTER, PRIVILEGED]);
    const resolved = await gathering.message(62);

    expect(resolved).toMatchObject({ resolved: 31, told: 1 });
    const named = (each: typeof opened) => each?.items.map(({ fingerprint }) => fingerprint).toSorted();
    expect(named(resolved)).toEqual(named(opened));
  });
});

describe('a message with more than it can tell one by one', () => {
  it.each([
    { opened: 30, resolved: 30, items: [15, 5] },
    { opened: 30, resolved: 2, items: [18, 2] },
    { opened: 16, resolved: 10, items: [15, 5] },
    { opened: 10, resolved: 30, items: [10, 10] },
    { opened: 30, resolved: 0, items: [20, 0] },
    { opened: 0, resolved: 30, items: [0, 20] },
  ])('has room for both: $opened opened and $resolved resolved', async ({ opened, resolved, items }) => {
    const named = (count: number, name: string) =>
      Array.from({ length: count }, (_each, index) => finding(name, { name: `${name}-${index}` }));
    const before = named(resolved, 'before');
    await gathering.write(1, before);
    await gathering.route();
    await gathering.write(2, named(opened, 'new'), before);
    const message = await gathering.message(40);

    expect(message).toMatchObject({ opened, resolved });
    const states = message?.items.map(({ isResolved }) => isResolved) ?? [];
    expect([states.filter((each) => !each).length, states.filter(Boolean).length]).toEqual(items);
    expect(states).toEqual(states.toSorted((a, b) => Number(a) - Number(b)));
  });
});
