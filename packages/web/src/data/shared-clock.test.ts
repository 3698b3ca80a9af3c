import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SharedClock } from './shared-clock.ts';

describe('the clock that the ages of a page share', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('stands between two steps, and tells all who listen of each', () => {
    const clock = new SharedClock();
    const start = Date.now();
    const told: string[] = [];
    clock.listen(() => told.push('first'));
    vi.advanceTimersByTime(10_000);
    clock.listen(() => told.push('second'));
    vi.advanceTimersByTime(19_999);
    expect([clock.now() - start, told]).toEqual([0, []]);
    vi.advanceTimersByTime(1);

    expect([clock.now() - start, told]).toEqual([30_000, ['first', 'second']]);
  });

  it('goes on for all where one is drawn later, and once for those that are drawn together', () => {
    const clock = new SharedClock();
    const start = Date.now();
    const told = vi.fn();
    clock.listen(told);
    vi.advanceTimersByTime(8000);
    for (let each = 0; each < 300; each += 1) clock.step();

    expect(clock.now() - start).toBe(8000);
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('takes no time where nobody listens', () => {
    const clock = new SharedClock();
    const stops = [clock.listen(() => {}), clock.listen(() => {})];
    expect(vi.getTimerCount()).toBe(1);
    for (const stop of stops) stop();

    expect(vi.getTimerCount()).toBe(0);
  });
});
