import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chosenOf, ownersOf, ownersText } from './told-owners.ts';

const name = fc.oneof(fc.constantFrom('none', 'nobody', 'a, b', 'a|b, c'), fc.string({ minLength: 1 }));

describe('the owners of a route', () => {
  it('are the same after a form that changes nothing, whatever their names are', () => {
    fc.assert(
      fc.property(fc.array(fc.option(name), { minLength: 1 }), (owners) => {
        const saved = ownersOf(chosenOf(owners));
        expect(new Set(saved)).toEqual(new Set(owners));
      }),
    );
    expect(ownersOf(chosenOf('all'))).toBe('all');
  });

  it.each([
    ['all', 'all'],
    [['shop', null], 'shop, nobody'],
    [['a, b', 'none'], '“a, b”, none'],
    [['nobody', 'all', null], '“nobody”, “all”, nobody'],
  ] as const)('%j read as %s', (owners, text) => {
    expect(ownersText(owners === 'all' ? owners : [...owners])).toBe(text);
  });
});
