import { describe, expect, it } from 'vitest';
import { waitAsked } from './retry-after.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const DAY_MS = 86_400_000;

describe('the wait that an answer asks for', () => {
  it.each([
    ['7', 7000],
    ['0', undefined],
    ['-7', undefined],
    ['1e3', undefined],
    ['86401', DAY_MS],
    ['9'.repeat(400), DAY_MS],
    ['Thu, 26 Nov 2026 10:02:00 GMT', 120_000],
    ['Thursday, 26-Nov-26 10:02:00 GMT', 120_000],
    ['Thu Nov 26 10:02:00 2026', 120_000],
    ['Sun Dec  6 10:00:00 2026', DAY_MS],
    ['Thu, 26 Nov 2026 10:00:00 GMT', undefined],
    ['Sun, 06 Nov 1994 08:49:37 GMT', undefined],
    ['Fri, 31 Dec 9999 23:59:59 GMT', DAY_MS],
    ['Thu, 26 Nov 2026 10:02:00 +0100', undefined],
    ['Thu, 26 Nov 2026 33:02:00 GMT', undefined],
    ['2026-11-26T10:02:00Z', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
    [['7', '9'], 7000],
  ])('by %j is %s ms', (header, wait) => {
    expect(waitAsked(header, NOW)).toBe(wait);
  });
});
