import type { Splice } from './splice.ts';

/** A stretch of the final text: from the original, or written by a splice. */
type Piece = { readonly start: number; readonly end: number } | { readonly text: string };

function lengthOf(piece: Piece): number {
  return 'text' in piece ? piece.text.length : piece.end - piece.start;
}

function cut(piece: Piece, from: number, to: number): Piece {
  return 'text' in piece
    ? { text: piece.text.slice(from, to) }
    : { start: piece.start + from, end: piece.start + to };
}

/**
 * Splices of a text followed by splices of what they make, as splices of the text alone.
 *
 * @param length of the text, in UTF-16 units.
 */
export function composeSplices(
  length: number,
  first: readonly Splice[],
  second: readonly Splice[],
): Splice[] {
  const once = spliced([{ start: 0, end: length }], first);
  return splicesOfPieces(spliced(once, second), length);
}

function spliced(pieces: readonly Piece[], splices: readonly Splice[]): Piece[] {
  const result: Piece[] = [];
  let at = 0;
  for (const { start, end, text } of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result.push(...between(pieces, at, start), { text });
    at = end;
  }
  return [...result, ...between(pieces, at, Number.POSITIVE_INFINITY)].filter((piece) => lengthOf(piece) > 0);
}

/** The pieces of a stretch. */
function between(pieces: readonly Piece[], from: number, to: number): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const length = lengthOf(piece);
    const [start, end] = [Math.max(from - at, 0), Math.min(to - at, length)];
    if (start < end) found.push(cut(piece, start, end));
    at += length;
  }
  return found;
}

function splicesOfPieces(pieces: readonly Piece[], length: number): Splice[] {
  const splices: Splice[] = [];
  let at = 0;
  let text = '';
  const close = (end: number): void => {
    if (text !== '' || end > at) splices.push({ start: at, end, text });
    text = '';
  };
  for (const piece of pieces) {
    if ('text' in piece) text += piece.text;
    else {
      close(piece.start);
      at = piece.end;
    }
  }
  close(length);
  return splices;
}
