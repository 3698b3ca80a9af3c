import { expect, it } from 'vitest';
import { isEveryAddress, isWithin, parseCidr } from './cidr.ts';

it.each([
  ['10.0.0.0/8', true],
  ['10.1.2.3/8', true],
  ['2001:db8::/32', true],
  ['::ffff:10.0.0.0/104', true],
  ['1:2:3:4:5:6:7:8/128', true],
  ['10.0.0.0', false],
  ['10.0.0/8', false],
  ['10.0.0.256/8', false],
  ['10.0.0.0/33', false],
  ['10.0.0.0/8/8', false],
  ['010.0.0.0/8', false],
  ['1:2:3:4:5:6:7/64', false],
  ['1::2::3/64', false],
  ['1:2:3:4:5:6:7:8::/64', false],
  ['g::/64', false],
  ['::/129', false],
])('reads %s: %s', (text, isRange) => {
  expect(parseCidr(text) !== undefined).toBe(isRange);
});

it.each([
  ['10.1.0.0/16', '10.0.0.0/8', true],
  ['10.0.0.0/8', '10.1.0.0/16', false],
  ['11.0.0.0/16', '10.0.0.0/8', false],
  ['2001:db8:1::/48', '2001:db8::/32', true],
  ['10.0.0.0/8', '::/0', false],
])('%s lies in %s: %s', (inner, outer, expected) => {
  const [a, b] = [parseCidr(inner), parseCidr(outer)];

  expect(a && b && isWithin(a, b)).toBe(expected);
});

it.each([
  ['0.0.0.0/0', true],
  ['::/0', true],
  ['0.0.0.0/1', false],
  ['10.0.0.0/8', false],
])('%s is every address: %s', (text, expected) => {
  const range = parseCidr(text);

  expect(range && isEveryAddress(range)).toBe(expected);
});
