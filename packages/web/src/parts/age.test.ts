import { expect, it } from 'vitest';
import { ageOf } from './age.ts';

const NOW = Date.parse('2026-11-26T10:00:00Z');
const HOUR = 3_600_000;

it.each([
  ['of what was seen an hour ago', NOW - HOUR, { now: NOW, asOf: NOW }, '1 h'],
  ['of what was seen by a clock that was an hour ahead', NOW + HOUR, { now: NOW, asOf: NOW }, '0 s'],
  [
    'of what came after the moment that is looked at',
    NOW - HOUR,
    { now: NOW, asOf: NOW - 2 * HOUR },
    'in 1 h',
  ],
  ['of what may be to come', NOW + HOUR, { now: Number.POSITIVE_INFINITY, asOf: NOW }, 'in 1 h'],
])('says the age %s', (_what, moment, times, age) => {
  expect(ageOf(moment, times)).toBe(age);
});
