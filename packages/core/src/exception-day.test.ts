import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayBefore, isDay } from './exception-day.ts';

const DAY_MS = 86_400_000;
const iso = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);
const anyDay = fc.integer({ min: Date.UTC(1600, 0, 1) / DAY_MS, max: Date.UTC(9999, 11, 31) / DAY_MS });

describe('a day', () => {
  it.each([
    '2027-02-29',
    '2027-00-10',
    '2027-13-01',
    '2027-04-31',
    '2027-4-3',
    '27-04-03',
    '',
    '2027-01-01T00:00',
  ])('is not %j', (text) => {
    expect(isDay(text)).toBe(false);
  });

  it('is every day of the calendar, and each has one before it', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(isDay(iso(day * DAY_MS))).toBe(true);
        expect(dayBefore(iso(day * DAY_MS))).toBe(iso((day - 1) * DAY_MS));
      }),
    );
  });
});
