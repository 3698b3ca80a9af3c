import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestParameters } from './request-parameters.ts';

describe('the parameters of a request', () => {
  it.each<{ query: string; expected: Record<string, readonly string[]> }>([
    { query: 'dryRun=All', expected: { dryRun: ['All'] } },
    { query: 'dry%52un=A%6Cl', expected: { dryRun: ['All'] } },
    { query: 'a+b=c+d%2B', expected: { 'a b': ['c d+'] } },
    { query: 'a=1&b&a=2&b=', expected: { a: ['1', '2'], b: ['', ''] } },
    { query: 'a=b=c?d', expected: { a: ['b=c?d'] } },
    { query: 'a=1;b=2&c=3', expected: { c: ['3'] } },
    { query: 'a=%zz&b=%&%4=1&c=3', expected: { c: ['3'] } },
  ])('are read from $query as the API server does', ({ query, expected }) => {
    const { '': _, ...read } = Object.fromEntries(requestParameters(`/apis/x?${query}`));

    expect(read).toEqual(expected);
  });

  it('are none where there are more than any that are meant', () => {
    expect(requestParameters(`/apis/x?dryRun=All${'&a'.repeat(10_000)}`).get('dryRun')).toBeUndefined();
  });

  it('are what was escaped, in whatever order', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 8 }), (pairs) => {
        const query = pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
        const read = requestParameters(`/apis/x?${query}`);
        for (const [name] of pairs) {
          const values = pairs.filter(([other]) => other === name).map(([, value]) => value);
          if (name !== '') expect(read.get(name)).toEqual(values);
        }
      }),
    );
  });
});
