import { describe, expect, it } from 'vitest';
import { hash128 } from './hash.ts';

/** Computed with the reference implementation (Python package mmh3, `hash_bytes(text, 0, x64arch=False)`). */
const VECTORS = [
  ['', '00000000000000000000000000000000'],
  ['a', 'a794933c5556b01b5556b01b5556b01b'],
  ['hello', '2b2444a0db91def79adb31b69adb31b6'],
  ['hello, world', '8b21605cb9b98a1e93273a83eb5957c7'],
  ['abcdefghijklm', 'c13aa215dbaea1ecf41c3566d92cde70'],
  ['0123456789abcdef', 'fb7d440936aed30a48ad1d9b572b3bfd'],
  ['0123456789abcdefg', '7f1f9836516b3876ac29c030f9d6f374'],
  ['The quick brown fox jumps over the lazy dog', '2f1583c3ecee2c675d7bf66ce5e91d2c'],
  ['é', 'b2013c81e6cec69ce6cec69ce6cec69c'],
  ['日本語', 'bdfcba6fc3f6209ca8a354fd3b43196f'],
  ['😀 grin', '81e205359e2a51637fe280cdfe2112d3'],
  ['x'.repeat(200), '9d5d50d034fd202dd02b3c10f481d3c7'],
] as const;

describe('hash128', () => {
  it.each(VECTORS)('hashes %j as MurmurHash3 x86_128 does', (text, hash) => {
    expect(hash128(text)).toBe(hash);
  });
});
