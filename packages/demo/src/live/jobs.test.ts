import { describe, expect, it } from 'vitest';
import { lastTimes } from './jobs.ts';

const NOW = Date.UTC(2026, 10, 26, 9, 37);

describe('lastTimes', () => {
  it.each([
    ['15 2 * * *', ['2026-11-24T02:15', '2026-11-25T02:15', '2026-11-26T02:15']],
    ['*/15 * * * *', ['2026-11-26T09:00', '2026-11-26T09:15', '2026-11-26T09:30']],
    ['0 * * * *', ['2026-11-26T07:00', '2026-11-26T08:00', '2026-11-26T09:00']],
    ['0 6 * * 1', ['2026-11-09T06:00', '2026-11-16T06:00', '2026-11-23T06:00']],
    ['0 4 * * 7', ['2026-11-08T04:00', '2026-11-15T04:00', '2026-11-22T04:00']],
  ])('of %s', (schedule, expected) => {
    expect(lastTimes(schedule, NOW, 3).map((at) => new Date(at).toISOString().slice(0, 16))).toEqual(
      expected,
    );
  });
});
