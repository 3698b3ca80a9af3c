import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeControls, quote } from './quote.ts';

describe('quote', () => {
  it('writes what JSON reads back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(quote(text))).toBe(text);
      }),
    );
  });

  it('leaves nothing raw that a terminal could obey', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(quote(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      }),
    );
  });

  it.each([
    { text: 'plain/text-1', quoted: '"plain/text-1"' },
    { text: 'ü and 🦊', quoted: '"ü and 🦊"' },
    { text: 'a"b\\c', quoted: String.raw`"a\"b\\c"` },
    { text: '\u001b[31m', quoted: String.raw`"\u001b[31m"` },
    { text: '\u009b31m', quoted: String.raw`"\u009b31m"` },
    { text: '\u202e', quoted: String.raw`"\u202e"` },
    { text: '\u{e0041}', quoted: String.raw`"\udb40\udc41"` },
    { text: '##vso[x] ## ###[y]', quoted: String.raw`"#\u0023vso[x] ## ##\u0023[y]"` },
    { text: '\ud800', quoted: String.raw`"\ud800"` },
  ])('writes $quoted', ({ text, quoted }) => {
    expect(quote(text)).toBe(quoted);
  });
});

describe('escapeControls', () => {
  it('changes no value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);

        expect(JSON.parse(escapeControls(text))).toEqual(JSON.parse(text));
      }),
    );
  });
});
