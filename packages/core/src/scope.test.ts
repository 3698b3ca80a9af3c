import { expect, it } from 'vitest';
import { matchesPattern } from './scope.ts';

it.each([
  ['a', 'a', true],
  ['a', 'ab', false],
  ['a', 'ba', false],
  ['*', '', true],
  ['*', 'a/b', true],
  ['a*', 'a', true],
  ['*a', 'a', true],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['a*bc*c', 'abc', false],
  ['**', 'x', true],
  ['a.c', 'abc', false],
  ['registry.example.com/*', 'registry.example.com/a/b:1', true],
  ['registry.example.com/*', 'registry.example.com.evil.test/a', false],
])('%j and %j: %j', (pattern, text, expected) => {
  expect(matchesPattern(pattern, text)).toBe(expected);
});
