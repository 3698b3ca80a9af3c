import { describe, expect, it } from 'vitest';
import { enforcementOf } from './enforcement.ts';

describe('what the level of a namespace comes to', () => {
  it.each([
    [null, 'privileged', 0, 'fits'],
    [null, 'baseline', 0, 'chance'],
    ['baseline', 'restricted', 0, 'chance'],
    ['restricted', 'restricted', 0, 'fits'],
    // Something in it could not be judged, and nothing is known to be refused.
    ['restricted', 'baseline', 0, 'fits'],
    ['restricted', 'baseline', 2, 'refuses'],
    // Not all that runs in it is seen.
    [null, null, 0, 'unknown'],
    ['restricted', null, 0, 'unknown'],
    ['baseline', null, 1, 'refuses'],
  ] as const)('enforced %s, possible %s, %i refused: %s', (enforced, possible, refusedCount, expected) => {
    expect(enforcementOf({ enforced, possible, refusedCount })).toBe(expected);
  });
});
