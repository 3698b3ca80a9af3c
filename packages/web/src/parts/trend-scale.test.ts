import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directionOf, endOfAxis, endOfDay } from './trend-scale.ts';

describe('the axis of the trend', () => {
  it.each([
    [0, 2],
    [1, 2],
    [3, 4],
    [10, 10],
    [41, 50],
    [225, 250],
    [27, 30],
    [999, 1000],
    [10_001, 20_000],
  ])('for figures up to %i ends at %i', (greatest, end) => {
    expect(endOfAxis(greatest)).toBe(end);
  });

  it('holds every figure, and its middle is whole', () => {
    fc.assert(
      fc.property(fc.nat(), (greatest) => {
        const end = endOfAxis(greatest);
        expect(end).toBeGreaterThanOrEqual(greatest);
        expect(Number.isInteger(end / 2)).toBe(true);
      }),
    );
  });
});

it('says that fewer are better', () => {
  expect([directionOf(10, 9), directionOf(9, 10), directionOf(9, 9)]).toEqual([
    'better',
    'worse',
    'no change',
  ]);
});

it('leads to the last moment of a day', () => {
  expect(new Date(endOfDay('2026-11-19')).toISOString()).toBe('2026-11-19T23:59:59.999Z');
});
