import { describe, expect, it } from 'vitest';
import { sightWords } from './sight-words.ts';

type Standing = Parameters<typeof sightWords>[0];

const LIVE: Standing = {
  state: 'live',
  reason: null,
  lastSeen: '2026-11-26T11:57:00Z',
  seen: { percent: 98.3, kinds: 60, kindsSeen: 59, lost: 1 },
  objects: 322,
};
const AWAY: Standing = { ...LIVE, state: 'stale', reason: 'It does not answer.' };
const OLD = 'stale: It does not answer. Nothing is seen now; 322 objects as of 11:57.';

describe('the coverage of a cluster', () => {
  it.each<[string, Standing, string]>([
    ['that is seen', LIVE, 'live. 98.3 % seen: 59 of 60 kinds, 322 objects, 1 gap.'],
    ['of which nothing may be seen', { ...LIVE, seen: null, objects: 0 }, 'live. Nothing was seen.'],
    ['that went away while it was watched', { ...AWAY, seen: null }, OLD],
    ['that was away when the hub started', AWAY, OLD],
    [
      'that never answered',
      { ...AWAY, seen: null, lastSeen: null, objects: 0 },
      'stale: It does not answer. It was never seen.',
    ],
  ])('%s', (_what, standing, words) => {
    expect(sightWords(standing, (moment) => moment.slice(11, 16))).toBe(words);
  });
});
