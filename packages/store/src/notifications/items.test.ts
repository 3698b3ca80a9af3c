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
