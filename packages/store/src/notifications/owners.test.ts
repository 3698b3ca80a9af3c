import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { finding, shown, TestGathering } from './gathering.testing.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

const SPELLINGS = [
  finding('privileged', { name: 'a', team: 'Team-A' }),
  finding('privileged', { name: 'b', team: 'team-a' }),
  finding('privileged', { name: 'c', team: 'TEAM-A' }),
];

describe('an owner that is written in several ways', () => {
  it.each([
    { what: 'at once, in one message', more: { digestMinutes: 0 }, topic: 'control' },
    { what: 'as its contact, in one digest', more: { toContact: true }, topic: 'digest' },
  ])('is told $what, as one', async ({ more, topic }) => {
    await gathering.reach(['Team-A']);
    await gathering.route(more);
    await gathering.write(1, SPELLINGS);

    expect(await gathering.message(40)).toMatchObject({ topic, opened: 3, owners: ['TEAM-A'] });
    expect(await gathering.message(40)).toBeUndefined();
  });

  it.each(['team-a', 'TEAM-A', 'Team-*', '*-A'])('is one for a route to %s', async (owner) => {
    await gathering.route({ owners: ['Other', owner] });
    await gathering.write(1, SPELLINGS);

    expect(await gathering.message(40)).toMatchObject({ opened: 3 });
  });

  it('is two where letters beyond ASCII differ, as everywhere', async () => {
    await gathering.route({ owners: ['ŁóDź'] });
    await gathering.write(1, [finding('privileged', { team: 'łódź' }), finding('other', { team: 'Łódź' })]);

    expect(shown(await gathering.message(40))).toEqual(['opened other']);
  });
});
