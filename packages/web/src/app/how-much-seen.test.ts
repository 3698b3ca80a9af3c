import { describe, expect, it } from 'vitest';
import { howMuchSeen } from './how-much-seen.ts';

type Standing = Parameters<typeof howMuchSeen>[0][number];

const SEEN: Standing = {
  name: 'prod',
  state: 'live',
  reason: null,
  isDemo: false,
  lastSeen: '2026-11-26T12:00:00Z',
  seen: { percent: 100, kinds: 60, kindsSeen: 60, lost: 0 },
};
const LESS: Standing = { ...SEEN, seen: { percent: 98.3, kinds: 60, kindsSeen: 59, lost: 1 } };
const WITH_GAPS: Standing = { ...SEEN, seen: { percent: 100, kinds: 60, kindsSeen: 60, lost: 2 } };
const UNSEEN: Standing = { ...SEEN, seen: null };
const AWAY: Standing = { ...LESS, name: 'edge', state: 'stale', lastSeen: '2026-11-26T11:57:00Z' };

describe('how much is seen', () => {
  it.each<[string, readonly Standing[], string, boolean]>([
    ['of a cluster that is seen wholly', [SEEN], '100.0 % seen', true],
    ['of several is what is seen of the worst', [SEEN, LESS], '98.3 % seen, 1 gap', false],
    ['with what is lost beside the kinds that are known', [WITH_GAPS], '100.0 % seen, 2 gaps', false],
    ['and lost in all of them', [LESS, WITH_GAPS], '98.3 % seen, 3 gaps', false],
    ['of a cluster that does not answer', [SEEN, AWAY], 'stale: edge last seen at 11:57', false],
    [
      'of a cluster that never answered',
      [{ ...UNSEEN, state: 'stale', lastSeen: null }],
      'stale: prod last seen never',
      false,
    ],
    ['at the first look', [{ ...UNSEEN, state: 'syncing' }], 'first look under way', false],
    ['before there is any cluster', [], 'nothing seen yet', false],
    ['where nothing may be seen', [UNSEEN], 'nothing was seen', false],
    [
      'where nothing may be seen of one',
      [SEEN, { ...UNSEEN, name: 'edge' }],
      'nothing was seen of edge',
      false,
    ],
    [
      'where nothing may be seen of two',
      [SEEN, UNSEEN, UNSEEN],
      'nothing was seen of 2 of 3 clusters',
      false,
    ],
    [
      'of a demonstration that is being loaded',
      [{ ...SEEN, isDemo: true, reason: '12 of 31 days are loaded' }],
      '12 of 31 days are loaded',
      false,
    ],
    ['of a demonstration that is there', [{ ...SEEN, isDemo: true }], '100.0 % seen', true],
  ])('%s', (_what, clusters, words, isGood) => {
    expect(howMuchSeen(clusters, (moment) => `at ${moment.slice(11, 16)}`)).toEqual({ words, isGood });
  });
});
