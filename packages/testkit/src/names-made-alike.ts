const CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Of each of the four words of a block of MurmurHash3 x86_128: by what it is multiplied, how far it is turned, and by what then. */
const WORDS = [
  { first: 0x239b961b, turn: 15, last: 0xab0e9789, rotate: 19, add: 0x561ccd1b },
  { first: 0xab0e9789, turn: 16, last: 0x38b34ae5, rotate: 17, add: 0x0bcaa747 },
  { first: 0x38b34ae5, turn: 17, last: 0xa1e38b93, rotate: 15, add: 0x96cd1c35 },
  { first: 0xa1e38b93, turn: 18, last: 0x239b961b, rotate: 13, add: 0x32ac3b17 },
] as const;
type Word = (typeof WORDS)[number];

/**
 * Two names, lower case letters and digits of 32 to 47 characters, with which `hash128` gives one hash behind a text, whatever comes
 * behind them: what anybody can do who chooses names.
 *
 * @param before ASCII.
 */
export function namesMadeAlike(before: string): readonly [string, string] {
  const fill = 'x'.repeat((16 - (before.length % 16)) % 16);
  const start = stateOf(before + fill);
  const states = ['a', 'b'].map((each) => mixed(start, each.repeat(16)));
  const [one = start, other = start] = states;
  let ends: readonly [string, string] = ['', ''];
  let first = 0;
  for (const [index, word] of WORDS.entries()) {
    // The fourth is mixed with the first as it is by then, in which both are the same.
    const next = (state: readonly number[]): number => (index === 3 ? first : (state[index + 1] ?? 0));
    const found = sameWord(word, {
      from: [one[index] ?? 0, other[index] ?? 0],
      plus: [next(one), next(other)],
    });
    if (index === 0) first = mixedWord(word, { state: one[0] ?? 0, text: found[0], plus: next(one) });
    ends = [ends[0] + found[0], ends[1] + found[1]];
  }
  return [`${fill}${'a'.repeat(16)}${ends[0]}`, `${fill}${'b'.repeat(16)}${ends[1]}`];
}

/** Four characters for each of two states, with which they become the same. */
function sameWord(
  word: Word,
  { from, plus }: { readonly from: readonly [number, number]; readonly plus: readonly [number, number] },
): readonly [string, string] {
  for (let number = 0; number < CHARACTERS.length ** 4; number++) {
    const text = [0, 1, 2, 3]
      .map((place) => CHARACTERS[Math.floor(number / CHARACTERS.length ** place) % CHARACTERS.length])
      .join('');
    const turned = (rotated(from[0] ^ scrambled(word, wordOf(text)), word.rotate) + plus[0] - plus[1]) | 0;
    const other = textOf(unscrambled(word, rotated(turned, 32 - word.rotate) ^ from[1]));
    if (/^[a-z0-9]{4}$/.test(other)) return [text, other];
  }
  throw new Error('no two words become the same');
}

function stateOf(text: string): readonly number[] {
  let state: readonly number[] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at += 16) state = mixed(state, text.slice(at, at + 16));
  return state;
}

/** A state after a block of 16 characters. */
function mixed(state: readonly number[], block: string): readonly number[] {
  const after = [...state];
  for (const [index, word] of WORDS.entries())
    after[index] = mixedWord(word, {
      state: after[index] ?? 0,
      text: block.slice(index * 4, index * 4 + 4),
      plus: after[(index + 1) % 4] ?? 0,
    });
  return after;
}

function mixedWord(
  word: Word,
  { state, text, plus }: { readonly state: number; readonly text: string; readonly plus: number },
): number {
  const turned = rotated(state ^ scrambled(word, wordOf(text)), word.rotate);
  return (Math.imul((turned + plus) | 0, 5) + word.add) | 0;
}

function scrambled({ first, turn, last }: Word, value: number): number {
  return Math.imul(rotated(Math.imul(value, first), turn), last);
}

function unscrambled({ first, turn, last }: Word, value: number): number {
  return Math.imul(rotated(Math.imul(value, inverse(last)), 32 - turn), inverse(first));
}

/** What undoes a multiplication by an odd number, modulo 2^32 (Newton's method: each step doubles the bits that are right). */
function inverse(odd: number): number {
  let result = odd;
  for (let step = 0; step < 5; step++) result = Math.imul(result, 2 - Math.imul(odd, result));
  return result;
}

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function wordOf(text: string): number {
  return [0, 1, 2, 3].reduce((word, place) => word | (text.charCodeAt(place) << (8 * place)), 0);
}

function textOf(word: number): string {
  return String.fromCharCode(...[0, 8, 16, 24].map((bits) => (word >>> bits) & 255));
}
