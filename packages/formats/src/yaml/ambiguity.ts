import type { ScalarEvent } from 'js-yaml';

/**
 * What YAML 1.2, as js-yaml reads it, and libyaml, which kubectl reads with, take for different values without either
 * calling it an error. Such a document is refused: no reading of it is safe. Each function answers why, or undefined.
 */
const FLOW = ',[]{}';
const COLON = 58;
const SPACE_AND_COMMENTS = /(?:[ \t\r\n]|(?<=[ \t\r\n])#[^\r\n]*)*/y;
const LOOK_BEHIND = 80;

/** In `[a:, b]` YAML 1.2 sees a pair, and libyaml the text `a:`. */
export function whyTightColon(source: string, keyEnd: number): string | undefined {
  let at = keyEnd;
  while (source.charCodeAt(at) === 32 || source.charCodeAt(at) === 9) at++;
  return source.charCodeAt(at) === COLON && isOneOf(source, at + 1, FLOW)
    ? 'a colon that nothing separates from what follows is ambiguous'
    : undefined;
}

/** In `[?a]` YAML 1.2 sees the text `?a`, and libyaml the key `a`; likewise in `[!x :a]`. */
export function whyFlowIndicator(text: string): string | undefined {
  return text.startsWith('?') || text.startsWith(':')
    ? 'a flow collection has a value that begins with an indicator'
    : undefined;
}

/** In `{a` and then `b: c}` YAML 1.2 sees a key of two lines; libyaml wants a key and its colon on one, but for `? a`. */
export function whySplitKey(source: string, start: number, end: number): string | undefined {
  SPACE_AND_COMMENTS.lastIndex = end;
  SPACE_AND_COMMENTS.test(source);
  const colon = SPACE_AND_COMMENTS.lastIndex;
  if (source.charCodeAt(colon) !== COLON || !/[\r\n]/.test(source.slice(start, colon))) return undefined;
  const isExplicit = /\?[ \t\r\n]*$/.test(source.slice(Math.max(0, start - LOOK_BEHIND), start));
  return isExplicit ? undefined : 'a key and its colon are not on one line';
}

/** In `[!a,b]` the comma ends the tag in YAML 1.2, and belongs to it for libyaml. */
export function whyTightTag(source: string, tagEnd: number): string | undefined {
  return isOneOf(source, tagEnd, ',[]')
    ? 'a tag that nothing separates from what follows is ambiguous'
    : undefined;
}

/** In `&a:b` the colon belongs to the name in YAML 1.2, and begins the value for libyaml. */
export function whyAnchorName(name: string): string | undefined {
  return /^[\w-]+$/.test(name)
    ? undefined
    : 'the name of an anchor has other characters than letters and digits';
}

/** Below nothing, js-yaml counts the indentation of `|2` from the wrong column, and takes text that has none. */
export function whyRootIndent(source: string, { valueStart, indent }: ScalarEvent): string | undefined {
  const line = source.lastIndexOf('\n', valueStart - 2) + 1;
  return indent === 0 || /[|>][-+]?[1-9][-+]?[ \t]*(#.*)?\r?\n$/.test(source.slice(line, valueStart))
    ? 'a whole document is a block scalar with its own indentation'
    : undefined;
}

/** kubectl's reader of lines makes one line break of `\r\r\n`, and YAML two. */
export function whyLineBreak(source: string, { valueStart, valueEnd }: ScalarEvent): string | undefined {
  return source.slice(Math.max(valueStart - 1, 0), valueEnd + 1).includes('\r\r\n')
    ? 'a line break with two carriage returns is ambiguous'
    : undefined;
}

/** An indented `---` on the first line is text, and js-yaml takes it for a marker; a second mark confuses libyaml. */
export function whyStart(source: string, start: number): string | undefined {
  if (/^[ \t]+---(\s|$)/.test(source)) return 'the marker of a document is indented';
  return start === 1 && source.startsWith('\ufeff') ? 'the file begins with two byte order marks' : undefined;
}

function isOneOf(source: string, at: number, characters: string): boolean {
  return at < source.length && characters.includes(source.charAt(at));
}
