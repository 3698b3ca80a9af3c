import { describe, expect, it } from 'vitest';
import { type Unseen, unseenOf } from './unseen.ts';

type Looked = Parameters<typeof unseenOf>[0][number];

function numbered(cluster: Pick<Looked, 'state' | 'seen'>, index: number): Looked {
  return { id: index + 1, ...cluster };
}

const SEEN = { percent: 98.7, kinds: 60, kindsSeen: 59, lost: 1 } as const;

describe('whether an empty list means something', () => {
  it.each<[string, readonly Pick<Looked, 'state' | 'seen'>[], Unseen | undefined]>([
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
    expect(unseenOf(clusters.map(numbered), undefined)).toBe(expected);
  });

  it.each<[string, number, Unseen | undefined]>([
    ['the chosen one is not there any more', 99, 'gone'],
    ['the chosen one was not looked at yet', 2, 'nothing yet'],
    ['the chosen one was looked at, whatever others are', 1, undefined],
  ])('%s', (_, chosen, expected) => {
    const clusters = [
      { id: 1, state: 'live', seen: SEEN },
      { id: 2, state: 'syncing', seen: null },
    ] as const;
    expect(unseenOf(clusters, chosen)).toBe(expected);
  });
});
