import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from './secret.ts';

describe('a Secret', () => {
  const value = ['hunter', 'two', 'hunter'].join('-');
  const secret = new Secret(value);

  it('gives its value to whoever asks for it', () => {
    expect(secret.reveal()).toBe(value);
    expect(new Secret({ user: 'a' }).reveal()).toEqual({ user: 'a' });
  });

  it.each([
    ['String', String(secret)],
    ['a sum of texts', `a${secret.toString()}`.slice(1)],
    ['inspection', inspect(secret)],
  ])('shows itself as redacted in %s', (_where, shown) => {
    expect(shown).toBe('[redacted]');
  });

  it('shows itself as redacted inside of something else', () => {
    expect(JSON.stringify({ secret, list: [secret] })).toBe('{"secret":"[redacted]","list":["[redacted]"]}');
    expect(inspect({ deep: { secret } })).toBe('{ deep: { secret: [redacted] } }');
    expect(inspect(secret, { showHidden: true, customInspect: false })).not.toContain(value);
  });

  it('has no property that a copy could take', () => {
    expect(Object.keys(secret)).toEqual([]);
    expect({ ...secret }).toEqual({});
    expect(JSON.stringify(Object.entries(secret))).toBe('[]');
  });
});
