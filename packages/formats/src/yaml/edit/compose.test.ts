import fc from 'fast-check';
import { expect, it } from 'vitest';
import { composeSplices } from './compose.ts';
import { applySplices, type Splice } from './splice.ts';

/** Splices that do not overlap, from sorted places and texts. */
function splices(text: string, places: readonly number[], texts: readonly string[]): Splice[] {
  const sorted = places.map((place) => place % (text.length + 1)).sort((a, b) => a - b);
  return texts.flatMap((inserted, index) => {
    const [start, end] = [sorted[2 * index], sorted[2 * index + 1]];
    return start === undefined || end === undefined ? [] : [{ start, end, text: inserted }];
  });
}

it('makes of two rounds of splices one that does the same', () => {
  const PLACES = fc.array(fc.nat(100), { minLength: 6, maxLength: 6 });
  const TEXTS = fc.array(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      fc.string({ maxLength: 40 }),
      PLACES,
      TEXTS,
      PLACES,
      TEXTS,
      (text, places, texts, more, others) => {
        const first = splices(text, places, texts);
        const middle = applySplices(text, first);
        const second = splices(middle, more, others);

        const both = composeSplices(text.length, first, second);

        expect(applySplices(text, both)).toBe(applySplices(middle, second));
      },
    ),
  );
});
