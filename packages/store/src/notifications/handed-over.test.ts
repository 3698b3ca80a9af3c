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

describe('a finding of which the contact of its owner is told', () => {
  const TO_CONTACT = { ...AT_ONCE, toContact: true };
  const told = async (minute: number) => {
    const all = [];
    for (let more = await gathering.message(minute); more; more = await gathering.message(minute))
      all.push([more.owners[0], ...(shown(more) ?? [])]);
    return all.toSorted((a, b) => a.join().localeCompare(b.join()));
  };
  const OPENED = `opened ${CONTROL}`;
  const RESOLVED = `resolved ${CONTROL}`;
  beforeEach(() => gathering.reach(['storefront', 'payments', 'search']));

  it('is told to each that gets it, once, and its end to all of them', async () => {
    await gathering.route(TO_CONTACT);
    await gathering.write(1, [FOUND]);
    expect(await told(1)).toEqual([['storefront', OPENED]]);
    await gathering.write(2, [MOVED]);
    expect(await told(2)).toEqual([['payments', OPENED]]);
    await gathering.write(3, [FOUND]);
    expect(await told(3)).toEqual([]);
    await gathering.write(4, [finding(CONTROL, { team: 'Search' })]);
    expect(await told(4)).toEqual([['Search', OPENED]]);
    await gathering.write(5, [finding(CONTROL, { team: 'search' })]);
    expect(await told(5)).toEqual([]);

    await gathering.write(6, [], [FOUND]);

    expect(await told(6)).toEqual([
      ['payments', RESOLVED],
      ['search', RESOLVED],
      ['storefront', RESOLVED],
    ]);
    await gathering.write(7, [MOVED]);
    expect(await told(7)).toEqual([['payments', OPENED]]);
    await gathering.write(8, [], [FOUND]);
    expect(await told(8)).toEqual([['payments', RESOLVED]]);
  });

  it('is told to an owner that has it no more where the route asks for none of it by then', async () => {
    await gathering.route({ ...TO_CONTACT, owners: ['storefront'] });
    await gathering.write(1, [FOUND]);
    expect(await told(1)).toEqual([['storefront', OPENED]]);
    await gathering.write(2, [MOVED]);
    expect(await told(2)).toEqual([]);

    await gathering.write(3, [], [FOUND]);

    expect(await told(3)).toEqual([['storefront', RESOLVED]]);
  });

  it('is told to no owner that has it no more before it was told, nor its end', async () => {
    await gathering.route({ ...TO_CONTACT, digestMinutes: 30 });
    await gathering.write(1, [FOUND]);
    await gathering.write(2, [MOVED]);
    expect(await told(40)).toEqual([['payments', OPENED]]);
    await gathering.write(41, [], [FOUND]);

    expect(await told(90)).toEqual([['payments', RESOLVED]]);
  });

  it('is told once to a contact that several owners have in common', async () => {
    await gathering.reach(['storefront', 'payments'], () => '#on-call');
    await gathering.route(TO_CONTACT);
    await gathering.write(1, [FOUND]);
    expect(await told(1)).toEqual([['storefront', OPENED]]);
    await gathering.write(2, [MOVED]);
    expect(await told(2)).toEqual([]);
    await gathering.write(3, [], [FOUND]);

    expect(await told(3)).toHaveLength(1);
  });

  it('ends for the channel that was told before the route went to contacts, and for no contact that was not', async () => {
    await gathering.route({ ...AT_ONCE, channelId: await gathering.channel('smtp') });
    await gathering.write(1, [FOUND]);
    expect(await told(1)).toEqual([['storefront', OPENED]]);
    await gathering.changeRoute({ toContact: true });
    await gathering.write(2, [], [FOUND]);

    expect((await gathering.sent(2))?.reader).toMatch(/^channel /);
    expect(await told(2)).toEqual([]);
  });

  it('ends for the contact that was told before the route left contacts alone', async () => {
    await gathering.route(TO_CONTACT);
    await gathering.write(1, [FOUND]);
    expect(await told(1)).toEqual([['storefront', OPENED]]);
    await gathering.changeRoute({ toContact: false });
    await gathering.write(2, [], [FOUND]);

    expect((await gathering.sent(2))?.reader).toBe('#storefront');
    expect(await told(2)).toEqual([]);
  });

  it('ends for the contact that was told, also where nothing says any more how its owner is reached', async () => {
    await gathering.route(TO_CONTACT);
    await gathering.write(1, [FOUND]);
    expect((await gathering.sent(1))?.reader).toBe('#storefront');
    await gathering.reach(['storefront'], () => undefined);
    await gathering.write(2, [], [FOUND]);

    expect((await gathering.sent(2))?.reader).toBe('#storefront');
    expect(await told(2)).toEqual([]);
  });
});

describe('a finding whose owner no contact reaches', () => {
  it.each(['webhook', 'smtp'] as const)('is told to the channel once, whoever gets it: %s', async (type) => {
    if (type === 'webhook') await gathering.reach(['storefront', 'payments']);
    await gathering.route({ ...AT_ONCE, toContact: true, channelId: await gathering.channel(type) });
    await gathering.write(1, [FOUND]);
    expect(await gathering.sent(1)).toMatchObject({
      gathered: { owners: ['storefront'], contacts: type === 'webhook' ? ['#storefront'] : [] },
      reader: expect.stringMatching(/^channel /),
    });
    await gathering.write(2, [MOVED]);
    expect(await gathering.message(2)).toBeUndefined();
    await gathering.write(3, [], [FOUND]);

    expect(shown(await gathering.message(3))).toEqual([`resolved ${CONTROL}`]);
    expect(await gathering.message(3)).toBeUndefined();
  });

  it('is told to the contact of who gets it, and its end to both', async () => {
    await gathering.reach(['payments']);
    await gathering.route({ ...AT_ONCE, toContact: true });
    const readers = async (minute: number) => {
      const all = [];
      for (let more = await gathering.sent(minute); more; more = await gathering.sent(minute))
        all.push(`${shown(more.gathered)?.join()} ${more.reader.replace(/ .*/, '')}`);
      return all.toSorted();
    };
    await gathering.write(1, [FOUND]);
    expect(await readers(1)).toEqual([`opened ${CONTROL} channel`]);
    await gathering.write(2, [MOVED]);
    expect(await readers(2)).toEqual([`opened ${CONTROL} #payments`]);
    await gathering.write(3, [], [FOUND]);

    expect(await readers(3)).toEqual([`resolved ${CONTROL} #payments`, `resolved ${CONTROL} channel`]);
  });
});
