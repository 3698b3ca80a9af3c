import { hexOf } from './hex.ts';
import { toUtf8 } from './utf8.ts';

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function finish(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

/**
 * 128 bits of a text's UTF-8 bytes as 32 hexadecimal digits: MurmurHash3 x86_128 with seed 0 (A. Appleby, public
 * domain). Fast and well spread, not cryptographic: anybody can make two texts with the same. Only for what has no adversary, such
 * as seeds of the demo and names of prepared statements; `truncatedSha256` is for anything else. Linear in the length of the text.
 */
export function hash128(text: string): string {
  const { bytes, length } = toUtf8(text);
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  const whole = length & ~15;
  // The last block is read as a whole, and what lies beyond the text as zero, which is what the tail amounts to.
  bytes.fill(0, length, whole + 16);
  for (let at = 0; at < whole; at += 16) {
    h1 ^= Math.imul(rotate(Math.imul(word(bytes, at), C1), 15), C2);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate(Math.imul(word(bytes, at + 4), C2), 16), C3);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate(Math.imul(word(bytes, at + 8), C3), 17), C4);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate(Math.imul(word(bytes, at + 12), C4), 18), C1);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  const rest = length - whole;
  if (rest > 12) h4 ^= Math.imul(rotate(Math.imul(word(bytes, whole + 12), C4), 18), C1);
  if (rest > 8) h3 ^= Math.imul(rotate(Math.imul(word(bytes, whole + 8), C3), 17), C4);
  if (rest > 4) h2 ^= Math.imul(rotate(Math.imul(word(bytes, whole + 4), C2), 16), C3);
  if (rest > 0) h1 ^= Math.imul(rotate(Math.imul(word(bytes, whole), C1), 15), C2);
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = finish(h1);
  h2 = finish(h2);
  h3 = finish(h3);
  h4 = finish(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  return hexOf(h1) + hexOf(h2 + h1) + hexOf(h3 + h1) + hexOf(h4 + h1);
}
