/** One YAML document's slice of a file, in UTF-16 offsets. */
export interface DocumentSlice {
  readonly start: number;
  readonly end: number;
}

const LF = 10;
const CR = 13;

/** Where the line that begins at `at` is a `---` or `...` marker: the marker's first character code, else 0. */
function markerAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if ((code !== 45 && code !== 46) || text.charCodeAt(at + 1) !== code || text.charCodeAt(at + 2) !== code)
    return 0;
  if (at + 3 >= text.length) return code;
  const after = text.charCodeAt(at + 3);
  return after === LF || after === CR || after === 32 || after === 9 ? code : 0;
}

function isBlankOrComment(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 35) {
      at = text.indexOf('\n', at);
      if (at < 0) return true;
    } else if (code !== 32 && code !== 9 && code !== LF && code !== CR && code !== 0xfeff) return false;
  }
  return true;
}

/**
 * Splits a file at its document markers (YAML 1.2.2, 9.2: a marker at the start of a line ends a document, even
 * inside a block scalar), so that a document that cannot be parsed costs only itself. Slices that hold nothing but
 * white space and comments are left out; directives stay with the document that follows them.
 */
export function splitDocuments(text: string): DocumentSlice[] {
  const slices: DocumentSlice[] = [];
  let start = 0;
  let directives = false;
  const close = (end: number): void => {
    if (!isBlankOrComment(text, start, end)) slices.push({ start, end });
  };
  for (let line = 0; line >= 0 && line < text.length; line = nextLine(text, line)) {
    const code = text.charCodeAt(line);
    if (code === 37 && isBlankOrComment(text, start, line)) directives = true;
    if (code !== 45 && code !== 46) continue;
    const marker = markerAt(text, line);
    if (marker === 0) continue;
    if (directives && marker === 45) {
      directives = false;
      continue;
    }
    directives = false;
    close(line);
    start = line;
    if (marker === 46) {
      const next = nextLine(text, line);
      start = next < 0 ? text.length : next;
    }
  }
  close(text.length);
  return slices.filter((slice) => !isBareMarker(text, slice));
}

function isBareMarker(text: string, { start, end }: DocumentSlice): boolean {
  return markerAt(text, start) === 45 && isBlankOrComment(text, start + 3, end);
}

function nextLine(text: string, at: number): number {
  const lineFeed = text.indexOf('\n', at);
  return lineFeed < 0 ? -1 : lineFeed + 1;
}
