import { describe, expect, it } from 'vitest';
import { BackOff } from './back-off.ts';

const options = (random: number) => ({ firstMs: 100, longestMs: 1000, random: () => random });

describe('waiting between attempts', () => {
  it('gets longer up to a limit, and begins anew after a success', () => {
    const backOff = new BackOff(options(1));

    expect([1, 2, 3, 4, 5, 6].map(() => backOff.next())).toEqual([100, 200, 400, 800, 1000, 1000]);
    backOff.reset();
    expect(backOff.next()).toBe(100);
  });

  it('is spread over half of the step', () => {
    expect(new BackOff(options(0)).next()).toBe(50);
  });

  it('is at least what the server asks for, and never hours', () => {
    expect(new BackOff(options(0)).next({ retryAfterMs: 7000 })).toBe(7000);
    expect(new BackOff(options(1)).next({ retryAfterMs: 10 })).toBe(100);
    expect(new BackOff(options(0)).next({ retryAfterMs: 86_400_000 })).toBe(300_000);
  });
});
