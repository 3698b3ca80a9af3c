const NAMED = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** `##[group]`, `##vso[...]`, `##teamcity[...]`: build servers obey them anywhere in a line. */
const BUILD_COMMAND = /##(?=\w*\[)/g;

function escapeCharacter(character: string): string {
  const named = NAMED.get(character);
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

/**
 * A text with some characters written out, such as `\x1b`, and so with the commands of build servers.
 *
 * @param which characters, one at a time; with the flag `g`.
 */
export function escapeCharacters(text: string, which: RegExp): string {
  return text.replace(which, escapeCharacter).replace(BUILD_COMMAND, '#\\x23');
}

/** A text with the marks written out that turn the direction in which it is read: what it says is what is seen. */
export function withoutTurns(text: string): string {
  return text.replace(/\p{Bidi_Control}/gu, escapeCharacter);
}
