import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startRounds } from './rounds.ts';

const REST_MS = 1000;

/** Rounds that are over when the test says so. */
function rounds(settings: { readonly firstMs?: number } = {}) {
  const ends: (() => void)[] = [];
  const started = startRounds(
    () =>
      new Promise<void>((resolve) => {
        ends.push(resolve);
      }),
    { everyMs: REST_MS, ...settings },
  );
  return { started, ends };
}

describe('rounds', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('have a rest between them, however long one took', async () => {
    const { ends } = rounds();
    await vi.advanceTimersByTimeAsync(10 * REST_MS);
    expect(ends).toHaveLength(1);

    ends[0]?.();
    await vi.advanceTimersByTimeAsync(REST_MS - 1);
    expect(ends).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(ends).toHaveLength(2);
  });

  it('may begin sooner than after a rest', async () => {
    const { ends } = rounds({ firstMs: 1 });
    await vi.advanceTimersByTimeAsync(1);

    expect(ends).toHaveLength(1);
  });

  it('are stopped when the last one is over, and begin no more', async () => {
    const { started, ends } = rounds({ firstMs: 1 });
    await vi.advanceTimersByTimeAsync(1);
    const order: string[] = [];
    const stopped = started.stop().then(() => order.push('stopped'));
    await vi.advanceTimersByTimeAsync(10 * REST_MS);
    order.push('over');
    ends[0]?.();
    await stopped;
    await vi.advanceTimersByTimeAsync(10 * REST_MS);

    expect(order).toEqual(['over', 'stopped']);
    expect(ends).toHaveLength(1);
  });
});
