import { toUtf8 } from './utf8.ts';

type State = readonly [number, number, number, number, number, number, number, number];

/** The fractions of the cube roots of the first 64 primes, and of the square roots of the first eight. */
const ROUNDS = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
];
const START: State = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/**
 * SHA-256 (FIPS 180-4) of a text's UTF-8 bytes as 64 hexadecimal digits: two texts with the same cannot be made, as they can for
 * `hash128`, which is much faster. Linear in the length of the text.
 */
export function sha256(text: string): string {
  const view = new DataView(padded(text).buffer);
  let state = START;
  for (let at = 0; at < view.byteLength; at += 64) state = mixed(state, wordsOf(view, at));
  return state.map((each) => (each >>> 0).toString(16).padStart(8, '0')).join('');
}

/** The bytes of a text, a bit, zeros, and the length in bits: whole blocks of 64 bytes. */
function padded(text: string): Uint8Array<ArrayBuffer> {
  const { bytes, length } = toUtf8(text);
  const blocks = new Uint8Array(((length + 8) & ~63) + 64);
  blocks.set(bytes.subarray(0, length));
  blocks[length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(blocks.length - 8, Math.floor(length / 2 ** 29));
  view.setUint32(blocks.length - 4, length << 3);
  return blocks;
}

/** The sixteen words of a block, and what is made of them for the other rounds. */
function wordsOf(view: DataView, from: number): Int32Array {
  const words = new Int32Array(64);
  for (let at = 0; at < 16; at++) words[at] = view.getInt32(from + at * 4);
  for (let at = 16; at < 64; at++) {
    const [first = 0, last = 0] = [words[at - 15], words[at - 2]];
    const low = turned(first, 7) ^ turned(first, 18) ^ (first >>> 3);
    const high = turned(last, 17) ^ turned(last, 19) ^ (last >>> 10);
    words[at] = (words[at - 16] ?? 0) + low + (words[at - 7] ?? 0) + high;
  }
  return words;
}

function mixed(state: State, words: Int32Array): State {
  let now = state;
  for (const [at, word] of words.entries()) now = round(now, word + (ROUNDS[at] ?? 0));
  const [a, b, c, d, e, f, g, h] = now;
  const [a0, b0, c0, d0, e0, f0, g0, h0] = state;
  return [a + a0, b + b0, c + c0, d + d0, e + e0, f + f0, g + g0, h + h0];
}

function round([a, b, c, d, e, f, g, h]: State, word: number): State {
  const chosen = (e & f) ^ (~e & g);
  const most = (a & b) ^ (a & c) ^ (b & c);
  const next = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + chosen + word;
  const first = next + (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + most;
  return [first | 0, a, b, c, (d + next) | 0, e, f, g];
}

function turned(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}
