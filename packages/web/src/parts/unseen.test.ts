import { describe, expect, it } from 'vitest';
import { type Unseen, unseenOf } from './unseen.ts';

const SEEN = { percent: 98.7, kinds: 60, kindsSeen: 59, lost: 1 } as const;

describe('whether an empty list means something', () => {
  it.each<[string, Parameters<typeof unseenOf>[0], Unseen | undefined]>([
    ['there is no cluster', [], 'no cluster'],
    ['all was looked at', [{ state: 'live', seen: SEEN }], undefined],
    ['nothing may be seen', [{ state: 'live', seen: null }], 'nothing'],
    ['the first look is under way', [{ state: 'syncing', seen: null }], 'nothing yet'],
    [
      'one is not yet looked at',
      [
        { state: 'live', seen: SEEN },
        { state: 'connecting', seen: null },
      ],
      'nothing yet',
    ],
    [
      'of one nothing may be seen',
      [
        { state: 'live', seen: SEEN },
        { state: 'live', seen: null },
      ],
      undefined,
    ],
    ['it does not answer any more', [{ state: 'stale', seen: SEEN }], undefined],
  ])('%s', (_, clusters, expected) => {
    expect(unseenOf(clusters)).toBe(expected);
  });
});
