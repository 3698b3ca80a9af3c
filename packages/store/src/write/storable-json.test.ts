import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storableJson } from './storable-json.ts';

describe('JSON for the database', () => {
  it.each([
    ['the character that no text of PostgreSQL can hold', 'a\u0000b', 'a\ufffdb'],
    ['half a surrogate pair', 'a\ud83d', 'a\ufffd'],
    ['the other half', '\ude00b', '\ufffdb'],
    ['a whole pair, which stays', '\u{1f600}', '\u{1f600}'],
    ['a backslash before the digits, which is no escape', 'a\\u0000b', 'a\\u0000b'],
    ['two backslashes and the character', '\\\\\u0000', '\\\\\ufffd'],
    ['other control characters, which stay', '\u0001\u001b\n', '\u0001\u001b\n'],
  ])('%s', (_name, text, stored) => {
    expect(JSON.parse(storableJson({ [text]: [text] }))).toEqual({ [stored]: [stored] });
  });

  it('changes nothing else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        if (!/\\u(0000|d[89a-f])/.test(text)) expect(storableJson(value)).toBe(text);
      }),
    );
  });
});
