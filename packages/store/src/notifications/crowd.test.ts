import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { finding, TestGathering } from './gathering.testing.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

const SECOND = 1 / 60;
const MOST = 20;

/** One root cause each. */
const cause = (index: number, team = 'storefront') => finding(`control-${index}`, { team });

/** Finds so many causes one after the other, and sends meanwhile what has gathered for three seconds. */
async function apply(causes: number, seconds: number): Promise<readonly (readonly [string, number])[]> {
  const told: (readonly [string, number])[] = [];
  let now = 1;
  const send = async () => {
    for (let each = await gathering.message(now); each; each = await gathering.message(now))
      told.push([each.topic, each.opened]);
  };
  for (let index = 0; index < causes; index += 1) {
    now += (seconds / causes) * SECOND;
    await gathering.find(now, [cause(index)]);
    await gathering.plan(now, now + 3 * SECOND);
    await send();
  }
  now += 10 * SECOND;
  await send();
  return told;
}

const sum = (told: readonly (readonly [string, number])[]) => told.reduce((all, [, each]) => all + each, 0);

describe('what is applied at once and found bit by bit', () => {
  it.each([
    { causes: 21, seconds: 2 },
    { causes: 30, seconds: 3 },
    { causes: 60, seconds: 4 },
  ])('is one digest: $causes causes in $seconds s', async ({ causes, seconds }) => {
    await gathering.route({ digestMinutes: 0 });

    expect(await apply(causes, seconds)).toEqual([['digest', causes]]);
  });

  it.each([
    { causes: 60, seconds: 12 },
    { causes: 50, seconds: 40 },
  ])(
    'is told in at most twenty messages of its own, and all of it: $causes causes in $seconds s',
    async ({ causes, seconds }) => {
      await gathering.route({ digestMinutes: 0 });
      const told = await apply(causes, seconds);

      expect(told.filter(([topic]) => topic === 'control').length).toBeLessThanOrEqual(MOST);
      expect(told.length).toBeLessThan(causes / 2);
      expect(sum(told)).toBe(causes);
    },
  );

  it.each([
    { causes: MOST, seconds: 2 },
    { causes: 40, seconds: 125 },
  ])(
    'is told cause by cause where that is not too much: $causes in $seconds s',
    async ({ causes, seconds }) => {
      await gathering.route({ digestMinutes: 0 });

      expect(await apply(causes, seconds)).toEqual(Array.from({ length: causes }, () => ['control', 1]));
    },
  );

  it('is one digest for each owner where their contacts are told', async () => {
    await gathering.reach(['a', 'b']);
    await gathering.route({ digestMinutes: 0, toContact: true });
    const all = Array.from({ length: 2 * MOST }, (_each, index) => cause(index, index % 2 === 0 ? 'a' : 'b'));
    await gathering.find(1, all.slice(0, 15));
    await gathering.plan(1, 2);
    await gathering.find(1, all.slice(15));
    await gathering.plan(1, 2);

    const digest = { topic: 'digest', opened: MOST };
    expect(await gathering.message(2)).toMatchObject({ ...digest, owners: ['a'] });
    expect(await gathering.message(2)).toMatchObject({ ...digest, owners: ['b'] });
    expect(await gathering.message(2)).toBeUndefined();
  });

  it('is told to each route and of each cluster by what these tell alone', async () => {
    await gathering.route({ digestMinutes: 0 });
    await gathering.route({ digestMinutes: 0, owners: ['b'] });
    await gathering.find(
      1,
      Array.from({ length: MOST + 1 }, (_each, index) => cause(index, index === 0 ? 'b' : 'a')),
    );

    const told = [await gathering.message(1), await gathering.message(1), await gathering.message(1)];
    expect(told.map((each) => each && [each.topic, each.opened])).toEqual([
      ['digest', MOST + 1],
      ['control', 1],
      undefined,
    ]);
  });
});
