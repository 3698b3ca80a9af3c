import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, isSameJson, type Json } from './json.ts';

it.each<[Json | undefined, Json | undefined, boolean]>([
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: 1 }, { a: 1, b: undefined } as unknown as Json, true],
  [{ a: 1 }, { a: 1, b: null }, false],
  [{ a: 1 }, { b: 1 }, false],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  [null, undefined, true],
  [1n, 1, true],
  ['1', 1, false],
  [JSON.parse('{"__proto__": 1}') as Json, {}, false],
])('are compared as they should be (%#)', (a, b, same) => {
  expect(isSameJson(a, b)).toBe(same);
  expect(isSameJson(b, a)).toBe(same);
});

it('agrees with canonical JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(isSameJson(a as Json, b as Json)).toBe(canonicalJson(a as Json) === canonicalJson(b as Json));
      expect(isSameJson(a as Json, JSON.parse(JSON.stringify(a)) as Json)).toBe(true);
    }),
  );
});
