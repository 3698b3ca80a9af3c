import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askFrom } from './use-return.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
});

afterEach(() => {
  vi.useRealTimers();
});

function later(milliseconds: number): Date {
  return new Date(NOON.getTime() + milliseconds);
}

describe('what comes back at a moment', () => {
  it('is asked for when it has come, not before', () => {
    const ask = vi.fn();
    askFrom(later(5000), ask);
    vi.advanceTimersByTime(5000);
    expect(ask).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);

    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('is asked for again where the clock of the hub is behind, less and less often', () => {
    const ask = vi.fn();
    askFrom(later(0), ask);
    vi.advanceTimersByTime(10_000);
    expect(ask).toHaveBeenCalledTimes(3);
    vi.advanceTimersByTime(60 * 60_000);

    expect(ask.mock.calls.length).toBeGreaterThan(30);
    expect(ask.mock.calls.length).toBeLessThan(70);
  });

  it('is asked for also where that is longer ahead than a timer waits', () => {
    const ask = vi.fn();
    askFrom(later(40 * DAY_MS), ask);
    vi.advanceTimersByTime(40 * DAY_MS - 1);
    expect(ask).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2000);

    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('is asked for no more once that is ended', () => {
    const ask = vi.fn();
    const end = askFrom(later(1000), ask);
    end();
    vi.advanceTimersByTime(DAY_MS);

    expect(ask).not.toHaveBeenCalled();
  });
});
