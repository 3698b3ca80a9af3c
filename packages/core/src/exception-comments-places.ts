import type { FileLines } from './origin.ts';
import type { Resource } from './resource.ts';

const WIDTH = 4;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Which object the comments of a file are about. Cost of a question: logarithmic, once the file is laid out. */
export class CommentPlaces {
  private readonly text: string;
  private readonly lineStarts: Uint32Array;
  private readonly placed: readonly (Span & { readonly resource: Resource })[];
  private readonly starts: readonly number[];
  /** Where documents begin. */
  private readonly breaks: readonly number[];
  private readonly strings = new Map<Uint32Array, Strings>();
  /** Where the comment starts in the line, or what is left of it, that was last asked about. */
  private last: { readonly from: number; readonly start: number } | undefined;

  constructor(text: string, { lineStarts }: FileLines, resources: readonly Resource[]) {
    this.text = text;
    this.lineStarts = lineStarts;
    this.placed = resources
      .flatMap((resource) => {
        if (resource.origin.kind !== 'file') return [];
        const { offsets, node } = resource.origin;
        return [{ resource, start: offsets[node + 1] ?? 0, end: offsets[node + 2] ?? 0 }];
      })
      .toSorted((a, b) => a.start - b.start);
    this.starts = this.placed.map(({ start }) => start);
    this.breaks = Array.from(text.matchAll(/^---/gm), ({ index }) => index);
  }

  /**
   * The object that a comment is about: the one around it or before it in its line, else the next one of the same
   * document. Undefined where there is none, and where the place is in no comment, but in a key or a value.
   */
  objectAt(offset: number): Resource | undefined {
    const index = lastUpTo(this.starts, offset);
    const before = this.placed[index];
    // A block of text ends with its line, so the place after it is in the next.
    const isIn =
      before !== undefined && (offset < before.end || this.lineAt(before.end - 1) === this.lineAt(offset));
    const found = isIn ? before : this.next(index, offset);
    if (found === undefined) return undefined;
    // What stands before an object in its line is another document's.
    const from = Math.max(this.lineStarts[this.lineAt(offset)] ?? 0, isIn ? before.start : 0);
    return this.commentFrom(from, found.resource) < offset ? found.resource : undefined;
  }

  private next(index: number, offset: number): CommentPlaces['placed'][number] | undefined {
    const next = this.placed[index + 1];
    if (next === undefined) return undefined;
    const lastBreak = this.breaks[lastUpTo(this.breaks, next.start)] ?? -1;
    return lastBreak > offset ? undefined : next;
  }

  private lineAt(offset: number): number {
    return lastUpTo(this.lineStarts, offset);
  }

  private commentFrom(from: number, { origin }: Resource): number {
    if (origin.kind === 'file' && this.last?.from !== from)
      this.last = { from, start: this.findComment(from, this.stringsOf(origin.offsets)) };
    return this.last?.start ?? Number.POSITIVE_INFINITY;
  }

  /** Where the comment of a line starts: at a `#` after white space that is in no key and no value. */
  private findComment(from: number, strings: Strings): number {
    const line = this.text.slice(from, this.lineStarts[this.lineAt(from) + 1]);
    for (let at = line.indexOf('#'); at >= 0; at = line.indexOf('#', at + 1))
      if ((at === 0 || ' \t'.includes(line.charAt(at - 1))) && !strings.hold(from + at)) return from + at;
    return Number.POSITIVE_INFINITY;
  }

  private stringsOf(offsets: Uint32Array): Strings {
    let strings = this.strings.get(offsets);
    if (strings === undefined) {
      strings = new Strings(this.text, offsets);
      this.strings.set(offsets, strings);
    }
    return strings;
  }
}

/** The keys and values of a document in which a `#` is a character like others. */
class Strings {
  private readonly spans: readonly Span[];
  private readonly starts: readonly number[];

  constructor(text: string, offsets: Uint32Array) {
    const spans: Span[] = [];
    for (let node = 0; node < offsets.length; node += WIDTH) {
      const [key = 0, start = 0, end = 0, size = 1] = offsets.subarray(node, node + WIDTH);
      if (key < start && /["'\s]/.test(text.charAt(key)))
        spans.push({ start: key, end: keyEnd(text, key, start) });
      if (size === 1 && !'{['.includes(text.charAt(start))) spans.push({ start, end });
    }
    this.spans = spans.sort((a, b) => a.start - b.start);
    this.starts = this.spans.map(({ start }) => start);
  }

  hold(offset: number): boolean {
    const span = this.spans[lastUpTo(this.starts, offset)];
    return span !== undefined && offset < span.end;
  }
}

/** Where a quoted key ends. One that starts with white space is a block, which reaches to its value. */
function keyEnd(text: string, key: number, value: number): number {
  const quote = text.charAt(key);
  if (quote !== '"' && quote !== "'") return value;
  for (let at = key + 1; at < value; at++) {
    const character = text.charAt(at);
    if (character === '\\' && quote === '"') at++;
    else if (character === quote && text.charAt(at + 1) === quote && quote === "'") at++;
    else if (character === quote) return at;
  }
  return value;
}

/** The index of the last of some sorted numbers that is not above a value; -1 when all are. */
function lastUpTo(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
