import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256, truncatedSha256 } from './sha256.ts';

const byNode = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

describe('sha256', () => {
  it('is what Node makes of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 150 }), (text) => {
        expect(sha256(text)).toBe(byNode(text));
      }),
    );
  });

  it.each([0, 55, 56, 63, 64, 119, 120, 100_000])('is that of a text of %i letters', (length) => {
    expect(sha256('é'.repeat(length))).toBe(byNode('é'.repeat(length)));
    expect(sha256('x'.repeat(length))).toBe(byNode('x'.repeat(length)));
  });

  it('tells half surrogate pairs apart', () => {
    expect(new Set(['\ud800', '\ud801', '\udc00', '\ufffd'].map(sha256)).size).toBe(4);
  });
});

describe('truncatedSha256', () => {
  it('is the beginning of SHA-256', () => {
    expect(truncatedSha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223');
  });
});
