import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CONTROL, FOUND, finding, shown, TestGathering } from './gathering.testing.ts';
import type { NewRoute } from './routes.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

const CRITICAL = 4;
const OPENED = [`opened ${CONTROL}`];
const RESOLVED = [`resolved ${CONTROL}`];
const WORSE = finding(CONTROL, { severity: 'critical' });
const WORSE_OF_OTHERS = finding(CONTROL, { severity: 'critical', team: 'payments' });

/** Routes to one channel, in this order. */
async function routes(...all: readonly Partial<NewRoute>[]): Promise<void> {
  const channelId = await gathering.channel();
  for (const more of all) await gathering.route({ digestMinutes: 0, ...more, channelId });
}

describe('what a route was not told, as it was deferred,', () => {
  it('is not told once another route to the channel has told it', async () => {
    await routes({ owners: ['storefront'], digestMinutes: 100 }, { severity: CRITICAL, digestMinutes: 60 });
    await gathering.write(1, [FOUND]);
    await gathering.defer(FOUND, 130);
    expect(await gathering.message(102)).toBeUndefined();
    await gathering.write(103, [WORSE_OF_OTHERS]);
    await gathering.write(104, [WORSE]);
    await gathering.defer(FOUND, null);
    expect(shown(await gathering.message(170))).toEqual(OPENED);

    for (const minute of [205, 210, 500]) expect(await gathering.message(minute)).toBeUndefined();
  });

  it('is told where another route has told the channel meanwhile that what was before has ended', async () => {
    await routes({ tellsResolved: false, owners: ['storefront'] }, { severity: CRITICAL });
    await gathering.write(1, [FOUND]);
    expect(shown(await gathering.message(1))).toEqual(OPENED);
    await gathering.write(2, [finding(CONTROL, { severity: 'low' })]);
    await gathering.defer(FOUND, 60);
    await gathering.write(3, [WORSE]);
    expect(await gathering.message(3)).toBeUndefined();
    await gathering.write(4, [], [FOUND]);
    expect(shown(await gathering.message(4))).toEqual(RESOLVED);
    await gathering.defer(FOUND, null);
    await gathering.write(5, [FOUND]);

    expect(shown(await gathering.message(5))).toEqual(OPENED);
  });
});
