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
  const reader = new PieceReader(pieces);
  const result: Piece[] = [];
  for (const { start, end, text } of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result.push(...reader.readTo(start), { text });
    reader.readTo(end);
  }
  return [...result, ...reader.readTo(Number.POSITIVE_INFINITY)].filter((piece) => lengthOf(piece) > 0);
}

/** Reads pieces from the first to the last, so that thousands of splices cost one walk. */
class PieceReader {
  private readonly pieces: readonly Piece[];
  private index = 0;
  /** How much of the piece at the index is read. */
  private within = 0;
  /** How much of all is read. */
  private at = 0;

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
  }

  /** What stands between the last place and this one. */
  readTo(place: number): Piece[] {
    const found: Piece[] = [];
    let piece = this.pieces[this.index];
    while (piece !== undefined && this.at < place) {
      const left = lengthOf(piece) - this.within;
      const taken = Math.min(left, place - this.at);
      found.push(cut(piece, this.within, this.within + taken));
      this.at += taken;
      this.within = taken === left ? 0 : this.within + taken;
      if (taken === left) this.index++;
      piece = this.pieces[this.index];
    }
    return found;
  }
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
