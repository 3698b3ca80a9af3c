import { hexOf } from './hex.ts';
import { toUtf8 } from './utf8.ts';

/** FIPS 180-4, 4.2.2: the fractions of the cube roots of the first 64 primes. */
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
/** FIPS 180-4, 5.3.3: the fractions of the square roots of the first eight primes. */
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
const BLOCK = 64;

/** Reused from call to call, as hundreds of thousands of texts are hashed at a start. */
const state = new Int32Array(START.length);
const words = new Int32Array(ROUNDS.length);

/**
 * SHA-256 (FIPS 180-4) of a text's UTF-8 bytes as 64 hexadecimal digits: two texts with the same cannot be made, as they can for
 * `hash128`, which is some times faster. Linear in the length of the text.
 */
export function sha256(text: string): string {
  hash(text);
  let digits = '';
  for (let at = 0; at < state.length; at++) digits += hexOf(state[at] ?? 0);
  return digits;
}

/**
 * The first 128 bits of SHA-256 (truncated as NIST SP 800-107 section 5.1 says) as 32 hexadecimal digits: for what names something
 * by its content in a `uuid`. To make two texts with the same takes 2^64 tries.
 */
export function truncatedSha256(text: string): string {
  hash(text);
  return hexOf(state[0] ?? 0) + hexOf(state[1] ?? 0) + hexOf(state[2] ?? 0) + hexOf(state[3] ?? 0);
}

/** Leaves the hash of a text in the state. */
function hash(text: string): void {
  const { bytes, length } = toUtf8(text);
  const end = ((length + 8) & -BLOCK) + BLOCK;
  // A bit, zeros, and the length in bits: whole blocks.
  bytes[length] = 0x80;
  bytes.fill(0, length + 1, end);
  const high = Math.floor(length / 2 ** 29);
  for (let at = 0; at < 4; at++) {
    bytes[end - 5 - at] = high >>> (8 * at);
    bytes[end - 1 - at] = (length << 3) >>> (8 * at);
  }
  state.set(START);
  for (let at = 0; at < end; at += BLOCK) {
    read(bytes, at);
    mix();
  }
}

/** Takes the sixteen words of a block, and what is made of them for the other rounds. */
function read(bytes: Uint8Array, from: number): void {
  for (let at = 0, place = from; at < 16; at++, place += 4)
    words[at] =
      ((bytes[place] ?? 0) << 24) |
      ((bytes[place + 1] ?? 0) << 16) |
      ((bytes[place + 2] ?? 0) << 8) |
      (bytes[place + 3] ?? 0);
  for (let at = 16; at < 64; at++) {
    const first = words[at - 15] ?? 0;
    const last = words[at - 2] ?? 0;
    const low = turned(first, 7) ^ turned(first, 18) ^ (first >>> 3);
    const high = turned(last, 17) ^ turned(last, 19) ^ (last >>> 10);
    words[at] = ((words[at - 16] ?? 0) + low + (words[at - 7] ?? 0) + high) | 0;
  }
}

function mix(): void {
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let at = 0; at < 64; at++) {
    const chosen = (e & f) ^ (~e & g);
    const most = (a & b) ^ (a & c) ^ (b & c);
    const word = ((words[at] ?? 0) + (ROUNDS[at] ?? 0)) | 0;
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
  add(0, a);
  add(1, b);
  add(2, c);
  add(3, d);
  add(4, e);
  add(5, f);
  add(6, g);
  add(7, h);
}

function add(at: number, more: number): void {
  state[at] = (state[at] ?? 0) + more;
}

function turned(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}
