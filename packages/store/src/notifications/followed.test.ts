import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listDeliveries } from './deliveries.ts';
import { CONTROL, FOUND, finding, shown, TestGathering } from './gathering.testing.ts';
import { deleteRoute, listRoutes, type NewRoute, updateRoute } from './routes.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

const CRITICAL = 4;
const OPENED = `opened ${CONTROL}`;
const RESOLVED = `resolved ${CONTROL}`;
const AT_ONCE = { digestMinutes: 0 };
/** Nothing that is told here is asked for by it. */
const OTHER = { digestMinutes: 0, severity: CRITICAL };

/** What comes at some minute, each with its reader. */
async function told(minute: number): Promise<readonly string[]> {
  const all: string[] = [];
  for (let more = await gathering.sent(minute); more; more = await gathering.sent(minute))
    all.push(...(shown(more.gathered) ?? []).map((each) => `${each} in ${more?.reader}`));
  return all.toSorted();
}

/** How many messages that were made before come at some minute. */
async function resent(minute: number): Promise<number> {
  let count = 0;
  while ((await gathering.sent(minute)) !== undefined) count++;
  return count;
}

/** Removes the route that was made first, or has it lead to another channel, whose number is given. */
const LEAVES = {
  'is removed': async (): Promise<number | undefined> => {
    const [first] = (await listRoutes(gathering.store)).toSorted((a, b) => a.id - b.id);
    await deleteRoute(gathering.store, first?.id ?? 0);
    return undefined;
  },
  'leads to another channel': async (): Promise<number> => {
    const [first] = (await listRoutes(gathering.store)).toSorted((a, b) => a.id - b.id);
    const channelId = await gathering.channel('smtp');
    if (first !== undefined) await updateRoute(gathering.store, first.id, { ...first, channelId });
    return channelId;
  },
};

describe.each(Object.entries(LEAVES))('a channel whose route %s', (_how, leave) => {
  /** Tells of what is found by the first of these routes, which leaves then; then it ends. The number of the channel. */
  const tellAndLeave = async (first: Partial<NewRoute>, ...others: readonly Partial<NewRoute>[]) => {
    const channelId = await gathering.channel('smtp');
    for (const each of [first, ...others]) await gathering.route({ ...each, channelId });
    await gathering.write(1, [FOUND]);
    expect(await told(1)).toHaveLength(1);
    await leave();
    await gathering.write(2, [finding(CONTROL, { severity: 'low' })]);
    await gathering.changeRoutes({ severity: CRITICAL });
    await gathering.write(3, [], [FOUND]);
    return channelId;
  };

  it('is told the end of what it was told by the others that lead there, once', async () => {
    const channelId = await tellAndLeave(AT_ONCE, OTHER, OTHER);

    expect(await told(3)).toEqual([`${RESOLVED} in channel ${channelId}`]);
    expect(await told(500)).toEqual([]);
  });

  describe('while a digest of it has gathered the end of what was told', () => {
    const DIGEST = { digestMinutes: 60 };

    /** Tells of what is found by a digest, which leaves when that has ended. The number of the channel. */
    const endAndLeave = async (first: Partial<NewRoute>, ...others: readonly Partial<NewRoute>[]) => {
      const channelId = await gathering.channel('smtp');
      for (const each of [first, ...others]) await gathering.route({ ...each, channelId });
      await gathering.write(1, [FOUND]);
      expect(await told(61)).toHaveLength(1);
      await gathering.write(62, [], [FOUND]);
      await leave();
      return channelId;
    };

    it('is told it by another that leads there, once, when it would have been', async () => {
      const channelId = await endAndLeave(DIGEST, OTHER, OTHER);

      expect(await told(120)).toEqual([]);
      expect(await told(123)).toEqual([`${RESOLVED} in channel ${channelId}`]);
      expect(await told(500)).toEqual([]);
    });

    it('is told it once where the other is to tell it itself', async () => {
      const channelId = await endAndLeave(DIGEST, { digestMinutes: 200 });

      expect(await told(500)).toEqual([`${RESOLVED} in channel ${channelId}`]);
      expect(await told(900)).toEqual([]);
    });

    it('is told it for the contact that was told the beginning', async () => {
      await gathering.reach(['storefront']);
      await endAndLeave({ ...DIGEST, toContact: true }, OTHER);

      expect(await told(500)).toEqual([`${RESOLVED} in #storefront`]);
    });

    it('is not told it where it has come back', async () => {
      const channelId = await gathering.channel('smtp');
      for (const each of [DIGEST, OTHER]) await gathering.route({ ...each, channelId });
      await gathering.write(1, [FOUND]);
      expect(await told(61)).toHaveLength(1);
      await gathering.write(62, [], [FOUND]);
      await gathering.write(63, [FOUND]);
      await leave();

      expect(await told(500)).toEqual([]);
      await gathering.write(501, [], [FOUND]);
      expect(await told(501)).toEqual([`${RESOLVED} in channel ${channelId}`]);
    });

    it('is told nothing of what it was not told', async () => {
      const channelId = await gathering.channel('smtp');
      for (const each of [DIGEST, OTHER]) await gathering.route({ ...each, channelId });
      await gathering.write(1, [FOUND]);
      await gathering.write(2, [], [FOUND]);
      await leave();

      expect(await told(500)).toEqual([]);
    });

    it('is told it where its receiver was away', async () => {
      const channelId = await gathering.channel('smtp');
      for (const each of [DIGEST, OTHER]) await gathering.route({ ...each, channelId });
      await gathering.write(1, [FOUND]);
      expect(await told(61)).toHaveLength(1);
      await gathering.write(62, [], [FOUND]);
      await gathering.refuse(125, 200);
      await leave();

      expect(
        (await listDeliveries(gathering.store, { limit: 9, below: undefined, channel: channelId })).length,
      ).toBe(2);
      expect(await resent(200)).toBe(1);
    });
  });

  it('is told no end where no other that tells it leads there', async () => {
    await tellAndLeave(AT_ONCE, { ...OTHER, tellsResolved: false });

    expect(await told(3)).toEqual([]);
  });

  it('is told nothing any more where no other leads there', async () => {
    await tellAndLeave(AT_ONCE);

    expect(await told(3)).toEqual([]);
  });

  it('is told the end for the contact that was told the beginning', async () => {
    await gathering.reach(['storefront']);
    await tellAndLeave({ ...AT_ONCE, toContact: true }, OTHER);

    expect(await told(3)).toEqual([`${RESOLVED} in #storefront`]);
  });

  it('is not told again what it knows when another has it', async () => {
    const channelId = await gathering.channel();
    await gathering.route({ ...AT_ONCE, owners: ['storefront'], channelId });
    await gathering.route({ ...AT_ONCE, owners: ['payments'], channelId });
    await gathering.write(1, [FOUND]);
    expect(await told(1)).toEqual([`${OPENED} in channel ${channelId}`]);
    await leave();
    await gathering.write(2, [finding(CONTROL, { team: 'payments' })]);

    expect(await told(2)).toEqual([]);
  });
});

describe('what the digest of the only route to a channel has gathered', () => {
  const DIGEST = { digestMinutes: 60 };
  /** Tells of what is found by the digest, which has gathered then that it ended. */
  const end = async (more: Partial<NewRoute> = {}) => {
    const channelId = await gathering.route({ ...DIGEST, ...more });
    await gathering.write(1, [FOUND]);
    expect(await told(61)).toHaveLength(1);
    await gathering.write(62, [], [FOUND]);
    return channelId;
  };
  const lead = async () => {
    const channelId = await gathering.channel('smtp');
    await gathering.changeRoute({ channelId });
    return channelId;
  };

  it('of ends of what it was told is told there when it would have been, where the route leads elsewhere by then', async () => {
    const channelId = await end();
    await lead();

    expect(await told(120)).toEqual([]);
    expect(await told(123)).toEqual([`${RESOLVED} in channel ${channelId}`]);
    expect(await told(500)).toEqual([]);
  });

  it('is told there also where the route leads back, and then further', async () => {
    const channelId = await end();
    await lead();
    await gathering.changeRoute({ channelId });
    await lead();
    await lead();

    expect(await told(500)).toEqual([`${RESOLVED} in channel ${channelId}`]);
  });

  it('is told to the contact that was told the beginning', async () => {
    await gathering.reach(['storefront']);
    const channel = await end({ toContact: true });
    await lead();

    expect(await told(500)).toEqual([`${RESOLVED} in #storefront`]);
    expect(await listDeliveries(gathering.store, { limit: 9, below: undefined, channel })).toHaveLength(2);
  });

  it('is told where the route leads by then as far as it begins', async () => {
    await end();
    const OTHER_FOUND = finding('host-path', { name: 'api' });
    await gathering.write(63, [OTHER_FOUND]);
    const channelId = await lead();

    expect(await told(500)).toContain(`opened host-path in channel ${channelId}`);
    await gathering.write(501, [], [OTHER_FOUND]);
    expect(await told(900)).toEqual([`resolved host-path in channel ${channelId}`]);
  });

  it('is no word of the end of what comes back meanwhile where the route leads by then', async () => {
    await end();
    const channelId = await lead();
    await gathering.changeRoute({ digestMinutes: 0 });
    await gathering.write(64, [FOUND]);
    expect(await told(64)).toEqual([`${OPENED} in channel ${channelId}`]);
    await gathering.changeRoute({ severity: CRITICAL });
    await gathering.write(65, [], [FOUND]);

    expect(await told(65)).toEqual([`${RESOLVED} in channel ${channelId}`]);
  });

  it('is told to nobody where the route is removed', async () => {
    await end();
    await LEAVES['is removed']();

    expect(await told(500)).toEqual([]);
  });
});
