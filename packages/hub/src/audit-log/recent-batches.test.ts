import { describe, expect, it } from 'vitest';
import { RecentBatches } from './recent-batches.ts';

describe('recent batches', () => {
  function taker(most?: number) {
    const batches = new RecentBatches(most);
    const taken: string[] = [];
    const take = (cluster: number, body: string) =>
      batches.takeOnce(cluster, body, async () => void taken.push(`${cluster}${body}`));
    return { batches, taken, take };
  }

  it('are taken once for each cluster', async () => {
    const { taken, take } = taker();
    await take(1, 'a');
    await take(1, 'a');
    await take(2, 'a');
    await take(1, 'b');

    expect(taken).toEqual(['1a', '2a', '1b']);
  });

  it('that could not be taken are taken when they come again', async () => {
    const { batches, taken, take } = taker();
    await expect(batches.takeOnce(1, 'a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    await take(1, 'a');

    expect(taken).toEqual(['1a']);
  });

  it('are no more than a few: the oldest are forgotten first', async () => {
    const { taken, take } = taker(2);
    for (const body of ['a', 'b', 'c', 'b', 'a']) await take(1, body);

    expect(taken).toEqual(['1a', '1b', '1c', '1a']);
  });
});
