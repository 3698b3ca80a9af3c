import { describe, expect, it } from 'vitest';
import { amount } from './amount.ts';

describe('an amount', () => {
  it.each([
    [0, '0 pods'],
    [1, '1 pod'],
    [2, '2 pods'],
    [1200, '1,200 pods'],
  ])('of %i is said as people say it', (count, text) => {
    expect(amount(count, 'pod')).toBe(text);
  });
});
