import { expect, it } from 'vitest';
import { expectToSurvive } from './kill-rounds.testing.ts';

it('writer and database that are killed at any moment end with what is there, as if nothing had been', async () => {
  expect.hasAssertions();
  await expectToSurvive({ rounds: 1, kills: 4 });
}, 600_000);
