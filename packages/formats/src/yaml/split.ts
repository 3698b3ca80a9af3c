/** One YAML document's slice of a file, in UTF-16 offsets. */
export interface DocumentSlice {
  readonly start: number;
  readonly end: number;
}

const LF = 10;
const CR = 13;
const DASH = 45;
const DOT = 46;
const PERCENT = 37;
const HASH = 35;
const BYTE_ORDER_MARK = 0xfeff;
const NEXT_LINE = 0x85;
const LINE_SEPARATOR = 0x2028;
const PARAGRAPH_SEPARATOR = 0x2029;
const MARKER_LENGTH = 3;

/** Where the line that begins at `at` is a `---` or `...` marker: the marker's first character code, else 0. */
function markerAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if ((code !== DASH && code !== DOT) || text.charCodeAt(at + 1) !== code || text.charCodeAt(at + 2) !== code)
    return 0;
  const next = at + MARKER_LENGTH;
  return next >= text.length || isSpace(text.charCodeAt(next)) ? code : 0;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === LF || code === CR;
}

/** A second mark in a row is none: libyaml reads what follows it wrongly, so that it has to be refused. */
function skipMark(text: string, at: number): number {
  const isMark = text.charCodeAt(at) === BYTE_ORDER_MARK && text.charCodeAt(at - 1) !== BYTE_ORDER_MARK;
  return isMark ? at + 1 : at;
}

/**
 * Whether nothing but white space and comments stands between two offsets. A comment that ends early for libyaml is
 * none: the reader has to see what may follow it.
 */
export function isBlankOrComment(text: string, start: number, end: number): boolean {
  let isComment = false;
  for (let at = skipMark(text, start); at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === LF || code === CR) isComment = false;
    else if (isComment) {
      if (code === NEXT_LINE || code === LINE_SEPARATOR || code === PARAGRAPH_SEPARATOR) return false;
    } else if (code === HASH) isComment = true;
    else if (!isSpace(code)) return false;
  }
  return true;
}

function endOfLine(text: string, at: number): number {
  let end = at;
  while (end < text.length && text.charCodeAt(end) !== LF && text.charCodeAt(end) !== CR) end++;
  return end;
}

/**
 * Splits a file at its document markers (YAML 1.2.2, 9.2: a marker at the start of a line ends a document, even
 * inside a block scalar), so that a document that cannot be parsed costs only itself. Slices that hold nothing but
 * white space, comments and a marker are left out; directives stay with the document that follows them, and a byte
 * order mark before the first document is left out. Linear in the text.
 */
export function splitDocuments(text: string): DocumentSlice[] {
  const slices: DocumentSlice[] = [];
  const next = text.includes('\r') ? nextLineOfAny : nextLine;
  let start = skipMark(text, 0);
  let directives: 'none' | 'possible' | 'seen' = 'possible';
  const close = (end: number): void => {
    if (!isEmpty(text, start, end)) slices.push({ start, end });
    directives = 'possible';
  };
  for (let line = start; line >= 0 && line < text.length; line = next(text, line)) {
    const code = text.charCodeAt(line);
    if (code === PERCENT && directives === 'possible')
      directives = isBlankOrComment(text, start, line) ? 'seen' : 'none';
    if (code !== DASH && code !== DOT && code !== BYTE_ORDER_MARK) continue;
    const marker = markerAt(text, skipMark(text, line));
    if (marker === 0) continue;
    if (directives === 'seen' && marker === DASH) {
      directives = 'none';
      continue;
    }
    close(line);
    // What follows `...` on its line is a document too, if only to be refused.
    start = marker === DASH ? line : line + MARKER_LENGTH;
  }
  close(text.length);
  return slices;
}

function isEmpty(text: string, start: number, end: number): boolean {
  const first = skipMark(text, start);
  const from = markerAt(text, first) === DASH ? first + MARKER_LENGTH : first;
  return isBlankOrComment(text, from, end);
}

function nextLine(text: string, at: number): number {
  const lineFeed = text.indexOf('\n', at);
  return lineFeed < 0 ? -1 : lineFeed + 1;
}

/** A lone carriage return ends a line as well. */
function nextLineOfAny(text: string, at: number): number {
  const end = endOfLine(text, at);
  if (end >= text.length) return -1;
  return text.charCodeAt(end) === CR && text.charCodeAt(end + 1) === LF ? end + 2 : end + 1;
}
