import { expect, it } from 'vitest';
import { expectToSurvive } from './kill-rounds.testing.ts';

it('writer and database that are killed at any moment end with what is there, in thirty rounds', async () => {
  expect.hasAssertions();
  await expectToSurvive({ rounds: 30, kills: 12 });
}, 1_800_000);
