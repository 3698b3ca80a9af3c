import type { ScalarEvent } from 'js-yaml';
import type { FaultReason } from './fault.ts';

/**
 * What YAML 1.2, as js-yaml reads it, and libyaml, which kubectl reads with, take for different values without either
 * calling it an error. Such a document is refused: no reading of it is safe. Each function answers why, or undefined.
 */
const FLOW = ',[]{}';
const COLON = 58;
const SPACE_AND_COMMENTS = /(?:[ \t\r\n]|(?<=[ \t\r\n])#[^\r\n]*)*/y;
const LOOK_BEHIND = 80;

/** In `[a:, b]` YAML 1.2 sees a pair, and libyaml the text `a:`. */
export function whyTightColon(source: string, keyEnd: number): FaultReason | undefined {
  let at = keyEnd;
  while (source.charCodeAt(at) === 32 || source.charCodeAt(at) === 9) at++;
  return source.charCodeAt(at) === COLON && isOneOf(source, at + 1, FLOW) ? 'tight-colon' : undefined;
}

/** In `[?a]` YAML 1.2 sees the text `?a`, and libyaml the key `a`; likewise in `[!x :a]`. */
export function whyFlowIndicator(text: string): FaultReason | undefined {
  return text.startsWith('?') || text.startsWith(':') ? 'flow-indicator' : undefined;
}

/** In `{a` and then `b: c}` YAML 1.2 sees a key of two lines; libyaml wants a key and its colon on one, but for `? a`. */
export function whySplitKey(source: string, start: number, end: number): FaultReason | undefined {
  SPACE_AND_COMMENTS.lastIndex = end;
  SPACE_AND_COMMENTS.test(source);
  const colon = SPACE_AND_COMMENTS.lastIndex;
  if (source.charCodeAt(colon) !== COLON || !/[\r\n]/.test(source.slice(start, colon))) return undefined;
  const isExplicit = /\?[ \t\r\n]*$/.test(source.slice(Math.max(0, start - LOOK_BEHIND), start));
  return isExplicit ? undefined : 'split-key';
}

/** In `[!a,b]` the comma ends the tag in YAML 1.2, and belongs to it for libyaml. */
export function whyTightTag(source: string, tagEnd: number): FaultReason | undefined {
  return isOneOf(source, tagEnd, ',[]') ? 'tight-tag' : undefined;
}

/** In `&a:b` the colon belongs to the name in YAML 1.2, and begins the value for libyaml. */
export function whyAnchorName(name: string): FaultReason | undefined {
  return /^[\w-]+$/.test(name) ? undefined : 'anchor-name';
}

/** Below nothing, js-yaml counts the indentation of `|2` from the wrong column, and takes text that has none. */
export function whyRootIndent(source: string, { valueStart, indent }: ScalarEvent): FaultReason | undefined {
  const line = source.lastIndexOf('\n', valueStart - 2) + 1;
  return indent === 0 || /[|>][-+]?[1-9][-+]?[ \t]*(#.*)?\r?\n$/.test(source.slice(line, valueStart))
    ? 'root-indent'
    : undefined;
}

/** kubectl's reader of lines makes one line break of `\r\r\n`, and YAML two. */
export function whyLineBreak(source: string, { valueStart, valueEnd }: ScalarEvent): FaultReason | undefined {
  return source.slice(Math.max(valueStart - 1, 0), valueEnd + 1).includes('\r\r\n')
    ? 'doubled-return'
    : undefined;
}

/** An indented `---` on the first line is text, and js-yaml takes it for a marker; a second mark confuses libyaml. */
export function whyStart(source: string, start: number): FaultReason | undefined {
  if (/^[ \t]+---(\s|$)/.test(source)) return 'indented-marker';
  return start === 1 && source.startsWith('\ufeff') ? 'two-marks' : undefined;
}

function isOneOf(source: string, at: number, characters: string): boolean {
  return at < source.length && characters.includes(source.charAt(at));
}
