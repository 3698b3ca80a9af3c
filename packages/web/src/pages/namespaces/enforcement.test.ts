import { describe, expect, it } from 'vitest';
import { enforcedText, enforcementOf, labelCommand } from './enforcement.ts';

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

describe('a namespace whose label pins the rules of an older version', () => {
  it('says which they are', () => {
    expect(enforcedText({ enforced: 'restricted', enforcedVersion: '1.7' })).toBe('restricted of v1.7');
    expect(enforcedText({ enforced: 'restricted', enforcedVersion: null })).toBe('restricted');
    expect(enforcedText({ enforced: null, enforcedVersion: null })).toBe(null);
  });

  it('gets a command that enforces the rules by which it passes', () => {
    const command = 'kubectl label namespace shop pod-security.kubernetes.io/enforce=restricted';

    expect(labelCommand({ name: 'shop', level: 'restricted', enforcedVersion: null })).toBe(
      `${command} --overwrite`,
    );
    expect(labelCommand({ name: 'shop', level: 'restricted', enforcedVersion: '1.7' })).toBe(
      `${command} pod-security.kubernetes.io/enforce-version=latest --overwrite`,
    );
  });
});
