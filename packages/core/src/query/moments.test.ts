import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, parsePeriod, printDuration, printMilliseconds, printPeriod } from './moments.ts';

describe('parsePeriod', () => {
  it.each([
    ['2026', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['2026-12', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['2024-02', '2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z'],
    ['1900-02-28', '1900-02-28T00:00:00Z', '1900-03-01T00:00:00Z'],
    ['2026-11-01T12', '2026-11-01T12:00:00Z', '2026-11-01T13:00:00Z'],
    ['2026-11-01t12:30z', '2026-11-01T12:30:00Z', '2026-11-01T12:31:00Z'],
    ['2026-11-01T12:30:15.250', '2026-11-01T12:30:15Z', '2026-11-01T12:30:16Z'],
    ['2026-11-01T00:30-02:00', '2026-11-01T02:30:00Z', '2026-11-01T02:31:00Z'],
  ])('reads %s as %s to %s', (text, from, to) => {
    expect(parsePeriod(text)).toEqual({ from: Date.parse(from), to: Date.parse(to) });
  });

  it.each([
    '',
    '26',
    '2026-13',
    '2026-00',
    '2026-02-29',
    '2026-11-31',
    '2026-11-01T24',
    '2026-11-01T12:60',
    '2026Z',
  ])('refuses %s', (text) => {
    expect(parsePeriod(text)).toBeUndefined();
  });

  it.each(['2026-11-01T12+01:00', '2026-11-01+01:00', '2026-11-01T12:00+24:00', '2026-11-01 12:00'])(
    'refuses %s, whose offset or form is not allowed',
    (text) => {
      expect(parsePeriod(text)).toBeUndefined();
    },
  );

  it('agrees with the calendar on every day, and prints what it reads', () => {
    const days = fc.integer({ min: Date.UTC(1, 0, 1) / 86_400_000, max: 2_932_896 });
    fc.assert(
      fc.property(days, fc.constantFrom(4, 7, 10, 13, 16, 19), fc.nat(86_399), (day, length, second) => {
        const moment = new Date((day * 86_400 + second) * 1000);
        fc.pre(moment.getUTCFullYear() >= 1 && moment.getUTCFullYear() <= 9999);
        const text = moment.toISOString().slice(0, length);
        const period = parsePeriod(text);

        expect(period).toBeDefined();
        if (period === undefined) return;
        expect(period.from).toBeLessThanOrEqual(moment.getTime());
        expect(period.to).toBeGreaterThan(moment.getTime());
        expect(printPeriod(period)).toBe(text);
      }),
    );
  });
});

describe('parseDuration', () => {
  it.each([
    ['7d', 604_800_000, 86_400_000, '7d'],
    ['1w2d', 777_600_000, 86_400_000, '9d'],
    ['1h30m', 5_400_000, 60_000, '90m'],
    ['0s', 0, 1000, '0s'],
  ])('reads %s', (text, milliseconds, unit, printed) => {
    expect(parseDuration(text)).toEqual({ milliseconds, unit });
    expect(printDuration({ milliseconds, unit })).toBe(printed);
  });

  it.each(['', '7', 'd', '7y', '1d1w', '-1d', '1.5d', '99999999999999w'])('refuses %s', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('prints in the longest unit that fits', () => {
    expect([604_800_000, 86_400_000, 5_400_000, 61_000].map(printMilliseconds)).toEqual([
      '1w',
      '1d',
      '90m',
      '61s',
    ]);
  });
});
