import { toUtf8 } from './utf8.ts';

/** The fractions of the cube roots of the first 64 primes, and of the square roots of the first eight. */
const ROUNDS = Int32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
);
const START = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
);

/**
 * SHA-256 (FIPS 180-4) of a text's UTF-8 bytes as 64 hexadecimal digits: two texts with the same cannot be made, as they can for
 * `hash128`, which is much faster. Linear in the length of the text.
 */
export function sha256(text: string): string {
  const view = new DataView(padded(text).buffer);
  const state = START.slice();
  const words = new Int32Array(ROUNDS.length);
  for (let at = 0; at < view.byteLength; at += 64) {
    read(words, view, at);
    mix(state, words);
  }
  return [...state].map((each) => (each >>> 0).toString(16).padStart(8, '0')).join('');
}

/**
 * The first 128 bits of SHA-256 (truncated as NIST SP 800-107 section 5.1 says) as 32 hexadecimal digits: for what names something
 * by its content in a `uuid`. To make two texts with the same takes 2^64 tries.
 */
export function truncatedSha256(text: string): string {
  return sha256(text).slice(0, 32);
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

/** Takes the sixteen words of a block, and what is made of them for the other rounds. */
function read(words: Int32Array, view: DataView, from: number): void {
  for (let at = 0; at < 16; at++) words[at] = view.getInt32(from + at * 4);
  for (let at = 16; at < words.length; at++) {
    const first = words[at - 15] ?? 0;
    const last = words[at - 2] ?? 0;
    const low = turned(first, 7) ^ turned(first, 18) ^ (first >>> 3);
    const high = turned(last, 17) ^ turned(last, 19) ^ (last >>> 10);
    words[at] = (words[at - 16] ?? 0) + low + (words[at - 7] ?? 0) + high;
  }
}

function mix(state: Int32Array, words: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let at = 0; at < words.length; at++) {
    const chosen = (e & f) ^ (~e & g);
    const most = (a & b) ^ (a & c) ^ (b & c);
    const word = (words[at] ?? 0) + (ROUNDS[at] ?? 0);
    const next = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + chosen + word) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + next) | 0;
    d = c;
    c = b;
    b = a;
    a = (next + (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + most) | 0;
  }
  add(state, [a, b, c, d, e, f, g, h]);
}

function add(state: Int32Array, more: readonly number[]): void {
  for (const [at, each] of more.entries()) state[at] = (state[at] ?? 0) + each;
}

function turned(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}
