import { escapeCharacters } from '@bulwark/core';

/** Controls, format characters such as those that turn the direction of text, line separators, lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * A text with everything visible that a terminal or a build server would obey instead of show. Names, paths and
 * messages are chosen by whoever wrote the input, which may be a stranger's pull request.
 */
export function visible(text: string): string {
  return escapeCharacters(text, INVISIBLE);
}

/** The same for what starts a line, where GitHub obeys `::command::`, indented or not. */
export function visibleLine(text: string): string {
  return visible(text).replace(/^(\s*):(?=:[A-Za-z])/, '$1\\x3a');
}
