import { CHOMPING_MODE, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { LF, SPACE, scalarEvent } from './scanner.ts';

/** A block scalar: where its text starts and ends, and the event that decodes it. */
export interface BlockScalar {
  readonly start: number;
  readonly end: number;
  readonly event: ScalarEvent;
}

/** Where to look: the header's place, the end of the document, and the column of what the scalar belongs to. */
export interface BlockPlace {
  readonly at: number;
  readonly end: number;
  readonly parent: number;
}

const HEADER = /[|>]([+-]?)(?: +#[^\n]*| *)(?=\n)/y;
const CHOMPING: Readonly<Record<string, ScalarEvent['chomping']>> = {
  '-': CHOMPING_MODE.STRIP,
  '+': CHOMPING_MODE.KEEP,
};

/**
 * Finds the text of a literal or folded block scalar (YAML 1.2.2, 8.1). Undefined for what the full parser has to read:
 * explicit indentation, no text at all, and leading blank lines that are deeper than the text may be.
 */
export function findBlock(text: string, { at, end, parent }: BlockPlace): BlockScalar | undefined {
  HEADER.lastIndex = at;
  const header = HEADER.exec(text);
  const start = at + (header?.[0].length ?? 0) + 1;
  if (header === null || start > end) return undefined;
  const extent = findExtent(text, { at: start, end, parent });
  if (extent === undefined) return undefined;
  const { indent, end: textEnd } = extent;
  const style = text[at] === '>' ? SCALAR_STYLE.FOLDED_BLOCK : SCALAR_STYLE.LITERAL_BLOCK;
  const chomping = CHOMPING[header[1] ?? ''] ?? CHOMPING_MODE.CLIP;
  return { start, end: textEnd, event: { ...scalarEvent(style, start, textEnd), indent, chomping } };
}

/** The indentation of the first line that has text, and the end of the last line that has as much. */
function findExtent(
  text: string,
  { at, end, parent }: BlockPlace,
): { readonly indent: number; readonly end: number } | undefined {
  let indent = -1;
  let line = at;
  while (line < end) {
    const content = contentOf(text, line, end);
    const column = content - line;
    const isBlank = content >= end || text.charCodeAt(content) === LF;
    if (isBlank) {
      if (indent < 0 && column > Math.max(parent, 0) + 1) return undefined;
    } else {
      // Also below nothing libyaml wants the text indented.
      if (indent < 0) indent = column > Math.max(parent, 0) ? column : -1;
      if (indent < 0 || column < indent) break;
    }
    const lineFeed = text.indexOf('\n', content);
    line = lineFeed < 0 || lineFeed >= end ? end : lineFeed + 1;
  }
  return indent < 0 ? undefined : { indent, end: line };
}

function contentOf(text: string, line: number, end: number): number {
  let at = line;
  while (at < end && text.charCodeAt(at) === SPACE) at++;
  return at;
}
