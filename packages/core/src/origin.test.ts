import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineStartsOf, positionOf } from './origin.ts';

describe('positionOf', () => {
  it.each([
    ['\n', 'a\nbc\n'],
    ['\r\n', 'a\r\nbc\r\n'],
    ['\r', 'a\rbc\r'],
  ])('counts lines that end in %j', (_end, text) => {
    const lines = { file: '', lineStarts: lineStartsOf(text) };

    expect(positionOf(lines, text.indexOf('c'))).toEqual({ line: 2, column: 2 });
    expect(positionOf(lines, text.length)).toEqual({ line: 3, column: 1 });
  });

  it('agrees with counting', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', 'é', '😀')), fc.nat(), (parts, at) => {
        const text = parts.join('');
        const offset = at % (text.length + 1);
        const before = text.slice(0, offset).split('\n');

        expect(positionOf({ file: '', lineStarts: lineStartsOf(text) }, offset)).toEqual({
          line: before.length,
          column: (before.at(-1)?.length ?? 0) + 1,
        });
      }),
    );
  });

  it('answers with the line of the template in rendered text', () => {
    expect(
      positionOf({ file: '', lineStarts: lineStartsOf('a\nb\n'), lineMap: Uint32Array.of(7, 9, 9) }, 2),
    ).toEqual({ line: 9, column: 1 });
  });
});
