import { describe, expect, it } from 'vitest';
import { DAY, dayBefore, historyBegins, spansBack } from './history.ts';

const NOW = Date.parse('2026-11-27T12:00:30.000Z');
const PROD = { id: 1, firstSeen: '2026-11-10T08:00:00.000Z' };
const STAGING = { id: 2, firstSeen: '2026-11-26T20:00:00.000Z' };
const LENGTHS = [
  ['since yesterday', DAY],
  ['7 days', 7 * DAY],
  ['30 days', 30 * DAY],
] as const;

function begins(retentionDays: number, cluster?: number, clusters = [STAGING, PROD]) {
  return historyBegins({ clusters, retentionDays, now: NOW }, { ...(cluster !== undefined && { cluster }) });
}

const namesFor = (from: string | undefined) => spansBack(LENGTHS, NOW, from).map(({ name }) => name);

describe('the history that can be looked at', () => {
  it.each([
    { name: 'with the first judgement of all clusters', days: 90, is: PROD.firstSeen },
    { name: 'with that of the chosen one', days: 90, cluster: 2, is: STAGING.firstSeen },
    { name: 'with what is kept where they were judged before that', days: 7, is: '2026-11-20T13:00:30.000Z' },
    {
      name: 'with the first judgement where that is later than what is kept',
      days: 7,
      cluster: 2,
      is: STAGING.firstSeen,
    },
    { name: 'never where the chosen one is not there', days: 7, cluster: 9, is: undefined },
  ])('begins $name', ({ days, cluster, is }) => {
    expect(begins(days, cluster)).toBe(is);
  });

  it('offers the lengths of time that it has, and no longer ones', () => {
    expect(namesFor(begins(90, 1))).toEqual(['since yesterday', '7 days']);
    expect(namesFor(begins(90, 2))).toEqual([]);
    expect(namesFor(begins(7, 1))).toEqual(['since yesterday']);
    expect(namesFor('2026-10-28T12:00:00.000Z')).toEqual(['since yesterday', '7 days', '30 days']);
    expect(namesFor(undefined)).toEqual([]);
  });

  it('counts a length back from the moment that is looked at, by the minute', () => {
    expect(spansBack(LENGTHS, NOW, begins(90, 1))[1]).toEqual({
      name: '7 days',
      from: '2026-11-20T12:00:00.000Z',
    });
    const end = Date.parse('2026-11-12T08:00:00.000Z');
    expect(spansBack(LENGTHS, end, begins(90, 1)).map(({ name }) => name)).toEqual(['since yesterday']);
  });

  it('is first compared over a day, or over all that there is of it', () => {
    expect(dayBefore(NOW, PROD.firstSeen)).toBe('2026-11-26T12:00:00.000Z');
    expect(dayBefore(NOW, STAGING.firstSeen)).toBe(STAGING.firstSeen);
    expect(dayBefore(NOW, undefined)).toBe('2026-11-26T12:00:00.000Z');
  });
});
