import { describe, expect, it } from 'vitest';
import { withoutTurns } from './escape-characters.ts';

describe('a text without turns', () => {
  it.each([
    { what: 'an override', text: 'by \u202enna', seen: 'by \\u202enna' },
    {
      what: 'embeddings and their end',
      text: '\u202a\u202b\u202c\u202d',
      seen: '\\u202a\\u202b\\u202c\\u202d',
    },
    {
      what: 'isolates and their end',
      text: '\u2066\u2067\u2068\u2069',
      seen: '\\u2066\\u2067\\u2068\\u2069',
    },
    { what: 'marks of direction', text: '\u200e\u200f\u061c', seen: '\\u200e\\u200f\\u061c' },
  ])('has $what written out', ({ text, seen }) => {
    expect(withoutTurns(text)).toBe(seen);
  });

  it.each(['', 'Reviewed.\nTwice, by both: ##[group]', 'נבדק', 'تمت المراجعة', '👩\u200d💻'])(
    'leaves %j as it is',
    (text) => {
      expect(withoutTurns(text)).toBe(text);
    },
  );
});
