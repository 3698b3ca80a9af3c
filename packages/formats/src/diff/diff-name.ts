/** Bytes for which C has a letter, as git writes them (git's quote.c). */
const LETTERS: ReadonlyMap<number, string> = new Map(
  'abtnvfr'.split('').map((letter, index) => [index + 7, `\\${letter}`] as const),
);
const [QUOTE, BACKSLASH, FIRST_PRINTED, FIRST_UNPRINTED] = [0x22, 0x5c, 0x20, 0x7f];

/**
 * The name of a file as git writes it in the head of a diff: quoted as in C where it has anything but printed ASCII, a
 * quote or a backslash, so that no name can add a line; and ended by a tab where it has a space, which `patch` needs.
 */
export function diffName(name: string): string {
  const quoted = [...new TextEncoder().encode(name)].map(quotedByte).join('');
  if (quoted !== name) return `"${quoted}"`;
  return name.includes(' ') ? `${name}\t` : name;
}

function quotedByte(byte: number): string {
  const letter = LETTERS.get(byte);
  if (letter !== undefined) return letter;
  if (byte < FIRST_PRINTED || byte >= FIRST_UNPRINTED) return `\\${byte.toString(8).padStart(3, '0')}`;
  const character = String.fromCharCode(byte);
  return byte === QUOTE || byte === BACKSLASH ? `\\${character}` : character;
}
