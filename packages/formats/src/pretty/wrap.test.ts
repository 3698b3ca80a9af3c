import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrap } from './wrap.ts';

describe('wrap', () => {
  it.each([
    { text: 'one two three', width: 7, lines: ['one two', 'three'] },
    { text: 'one two three', width: Number.POSITIVE_INFINITY, lines: ['one two three'] },
    { text: 'a verylongword b', width: 5, lines: ['a', 'veryl', 'ongwo', 'rd b'] },
    { text: '  spaces   fold  ', width: 20, lines: ['spaces fold'] },
    { text: '', width: 5, lines: [] },
  ])('breaks "$text" at $width', ({ text, width, lines }) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  it('keeps a leading place whole, however long it is', () => {
    expect(wrap('app of web', 8, 'deploy/a b.yaml:12')).toEqual(['deploy/a b.yaml:12', 'app of', 'web']);
    expect(wrap('app of web', 20, 'a.yaml:12')).toEqual(['a.yaml:12 app of web']);
    expect(wrap('', 20, 'a.yaml:12')).toEqual(['a.yaml:12']);
  });

  it('makes no line too long, loses no character and cuts no surrogate pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 30 }), (text, width) => {
        const lines = wrap(text, width);

        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        expect(lines.every((line) => line.length <= width && line.isWellFormed())).toBe(true);
      }),
    );
  });
});
