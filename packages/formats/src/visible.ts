/** Controls, format characters such as those that turn the direction of text, line separators, lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** `##[group]`, `##vso[...]`, `##teamcity[...]`: build servers obey them anywhere in a line. */
const BUILD_COMMAND = /##(?=\w*\[)/g;
const NAMED = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function escapeCharacter(character: string): string {
  const named = NAMED.get(character);
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

/**
 * A text with everything visible that a terminal or a build server would obey instead of show. Names, paths and
 * messages are chosen by whoever wrote the input, which may be a stranger's pull request.
 */
export function visible(text: string): string {
  return text.replace(INVISIBLE, escapeCharacter).replace(BUILD_COMMAND, '#\\x23');
}

/** The same for what starts a line, where GitHub obeys `::command::`, indented or not. */
export function visibleLine(text: string): string {
  return visible(text).replace(/^(\s*):(?=:[A-Za-z])/, '$1\\x3a');
}
