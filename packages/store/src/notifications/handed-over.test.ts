import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CONTROL, FOUND, finding, MOVED, shown, TestGathering } from './gathering.testing.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

const AT_ONCE = { digestMinutes: 0, namespaces: ['shop'] };

describe('a finding that another team has from now on', () => {
  it('is told to that team, and its end to both', async () => {
    await gathering.route({ ...AT_ONCE, owners: ['storefront'] });
    await gathering.write(1, [FOUND]);
    expect(shown(await gathering.message(1))).toEqual([`opened ${CONTROL}`]);
    await gathering.route({ ...AT_ONCE, owners: ['payments'] });

    await gathering.write(2, [MOVED]);
    expect(shown(await gathering.message(2))).toEqual([`opened ${CONTROL}`]);
    expect(await gathering.message(2)).toBeUndefined();
    await gathering.write(3, [], [FOUND]);
    for (const _ of ['storefront', 'payments'])
      expect(shown(await gathering.message(3))).toEqual([`resolved ${CONTROL}`]);
    expect(await gathering.message(3)).toBeUndefined();
  });

  it('is told to a team that gets what nobody had', async () => {
    await gathering.route({ ...AT_ONCE, owners: ['payments'] });
    await gathering.write(1, [finding(CONTROL, { team: undefined })]);
    expect(await gathering.message(1)).toBeUndefined();

    await gathering.write(2, [MOVED]);

    expect(shown(await gathering.message(2))).toEqual([`opened ${CONTROL}`]);
  });

  it('is not told again to who hears of both, also where it was found before there was a route', async () => {
    await gathering.write(1, [FOUND]);
    await gathering.route(AT_ONCE);
    await gathering.route({ ...AT_ONCE, owners: ['storefront', 'payments'] });

    await gathering.write(2, [MOVED]);
    expect(await gathering.message(2)).toBeUndefined();
    await gathering.write(3, [finding(CONTROL, { team: 'Payments' })]);

    expect(await gathering.message(3)).toBeUndefined();
  });
});
