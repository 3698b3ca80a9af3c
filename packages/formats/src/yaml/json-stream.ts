import { type DocumentSlice, isBlankOrComment } from './split.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
const MARKER = '---';
const NEXT_MARK = /["\\{}]/g;

/**
 * Splits a slice that begins with `{`, after the marker of a document or none, into JSON objects that follow one
 * another with nothing but white space between them, as kubectl reads them; what is not an object is one last slice,
 * unless it is a comment. Undefined when the slice does not begin with an object or nothing follows it. Linear in the
 * text.
 */
export function splitObjects(text: string, { start, end }: DocumentSlice): DocumentSlice[] | undefined {
  const slices: DocumentSlice[] = [];
  let at = skipSpace(text, text.startsWith(MARKER, start) ? start + MARKER.length : start, end);
  while (text.charCodeAt(at) === OPEN && at < end) {
    const close = endOfObject(text, at, end);
    slices.push({ start: at, end: close });
    at = skipSpace(text, close, end);
  }
  const isWhole = slices.length === 0 || (slices.length === 1 && at >= end);
  if (!isBlankOrComment(text, at, end)) slices.push({ start: at, end });
  return isWhole ? undefined : slices;
}

function skipSpace(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && ' \t\r\n'.includes(text.charAt(at))) at++;
  return at;
}

/** The place after the brace that closes an object; the end when none does. */
function endOfObject(text: string, start: number, end: number): number {
  let depth = 0;
  let quoted = false;
  NEXT_MARK.lastIndex = start;
  for (let match = NEXT_MARK.exec(text); match !== null && match.index < end; match = NEXT_MARK.exec(text)) {
    const code = text.charCodeAt(match.index);
    if (code === BACKSLASH) NEXT_MARK.lastIndex++;
    else if (code === QUOTE) quoted = !quoted;
    else if (!quoted) {
      depth += code === OPEN ? 1 : -1;
      if (depth === 0 && code === CLOSE) return match.index + 1;
    }
  }
  return end;
}
