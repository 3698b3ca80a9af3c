import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seenText } from './seen-text.ts';

describe('what is seen of a text', () => {
  it.each([
    { what: 'blanks', text: ' \t\r\n\u00a0\u3000' },
    { what: 'zero-width characters', text: '\u200b\u200c\u200d\u2060\ufeff' },
    { what: 'marks of direction', text: '\u200e\u200f\u202e\u2066\u2069' },
    { what: 'fillers and selectors', text: '\u3164\u115f\ufe0f\u{e0041}' },
    { what: 'control characters', text: '\u0000\u001b\u0085' },
    { what: 'an empty pattern of Braille', text: '\u2800' },
    { what: 'half a character', text: '\ud800' },
    { what: 'no character', text: '' },
  ])('is nothing of $what', ({ text }) => {
    expect(seenText(text)).toBe('');
    expect(seenText(` ${text} x ${text}`)).toContain('x');
  });

  it.each([
    { text: '  We know. ', seen: 'We know.' },
    { text: 'نمی\u200cدانم', seen: 'نمی\u200cدانم' },
    { text: '👩\u200d🚒', seen: '👩\u200d🚒' },
    { text: '.', seen: '.' },
    { text: '\u0301', seen: '\u0301' },
  ])('is $seen, as it was written', ({ text, seen }) => {
    expect(seenText(text)).toBe(seen);
  });

  it('is the same when it is looked at again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(seenText(seenText(text))).toBe(seenText(text));
      }),
    );
  });
});
