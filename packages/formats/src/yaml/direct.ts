import { CHOMPING_MODE, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import { findBlock } from './block-scalar.ts';
import { FlowReader } from './flow.ts';
import type { Mapping } from './frame.ts';
import { MAX_DEPTH } from './limits.ts';
import type { OffsetBuffer } from './offsets.ts';
import { attempt, DOUBLE, giveUp, isIndicator, SINGLE, scalarEvent } from './scanner.ts';

/**
 * Reads the YAML that most manifests are written in straight into values and offsets: block mappings and sequences,
 * plain, quoted and block scalars, flow collections, comments. It knows no anchors, tags, directives, complex keys or
 * lone carriage returns, and gives up at these and at every error; what it does read, it reads as libyaml does, so that a flow collection or a quoted scalar may go on at any indentation. About a third of the cost
 * of the full parser, linear in the text.
 */
export class DirectReader extends FlowReader {
  private readonly original: string;

  /**
   * @param text the text as `usualText` gives it.
   * @param original the text as it was.
   */
  constructor(text: string, original: string, out: OffsetBuffer) {
    super(text, out);
    this.original = original;
  }

  /** The value of the document in a slice of the text; undefined when the full parser has to read it. */
  read(start: number, end: number): { readonly value: unknown } | undefined {
    this.out.truncate(0);
    this.pos = start;
    this.end = end;
    this.lineStart = start;
    this.depth = 0;
    return attempt(() => this.document());
  }

  private document(): unknown {
    if (this.text.startsWith('---', this.pos)) {
      this.pos += 3;
      // What stands on the marker's own line has rules of its own.
      if (!this.isLineDone()) giveUp();
    }
    if (!this.toContent()) giveUp();
    const value = this.blockNode(-1, this.pos);
    if (this.toContent()) giveUp();
    return value;
  }

  /** A node that begins at the present place, below something at column `parent`. */
  private blockNode(parent: number, keyStart: number): unknown {
    const column = this.pos - this.lineStart;
    if (column <= parent) giveUp();
    if (this.isEntry(this.pos)) return this.sequence(column, keyStart);
    const start = this.pos;
    if (this.isKey(start)) return this.mapping(column, keyStart);
    return this.scalarOrFlow(parent, keyStart);
  }

  /** Whether the line from `start` on begins with a key, plain or quoted on one line. */
  private isKey(start: number): boolean {
    const code = this.text.charCodeAt(start);
    if (code === DOUBLE || code === SINGLE) {
      const close = this.closeQuote(start, code);
      const after = this.skipSpaces(close);
      return this.isColon(after) && !this.hasLineFeed(start, close);
    }
    return !isIndicator(code) && this.plainEnd(start, false).isKey;
  }

  private mapping(indent: number, keyStart: number): unknown {
    if (++this.depth > MAX_DEPTH) giveUp();
    const map: Record<string, unknown> = {};
    const node = this.out.begin(keyStart, this.pos);
    let odd: Mapping | undefined;
    do {
      const start = this.pos;
      const key = this.key();
      if (Object.hasOwn(map, key)) giveUp();
      if (this.isOddKey) odd ??= this.keepOrder(map, node);
      odd?.children?.push({ key, at: this.out.size });
      map[key] = this.mapValue(indent, start);
    } while (this.toContent() && this.isAt(indent));
    this.endMapping(node, odd);
    return map;
  }

  /** Whether the content here goes on at a column; less ends the collection, more is an error. */
  private isAt(indent: number): boolean {
    const column = this.pos - this.lineStart;
    if (column > indent) giveUp();
    return column === indent;
  }

  private mapValue(indent: number, keyStart: number): unknown {
    const keyEnd = this.lastEnd;
    if (!this.isLineDone()) {
      this.pos = this.skipSpaces(this.pos);
      // "a: - b" and "a: b: c" are errors.
      if (this.isEntry(this.pos)) giveUp();
      return this.scalarOrFlow(indent, keyStart);
    }
    if (this.toContent()) {
      const column = this.pos - this.lineStart;
      if (column > indent) return this.blockNode(indent, keyStart);
      // A sequence may stand at the column of its key.
      if (column === indent && this.isEntry(this.pos)) return this.sequence(indent, keyStart);
    }
    return this.leaf(null, { keyStart, start: keyEnd, end: keyEnd });
  }

  private sequence(indent: number, keyStart: number): unknown {
    if (++this.depth > MAX_DEPTH) giveUp();
    const list: unknown[] = [];
    const node = this.out.begin(keyStart, this.pos);
    this.lastEnd = this.pos;
    do {
      this.pos++;
      list.push(this.item(indent));
    } while (this.toContent() && this.isAt(indent) && this.isEntry(this.pos));
    this.out.end(node, this.lastEnd);
    this.depth--;
    return list;
  }

  private item(indent: number): unknown {
    const isInline = !this.isLineDone();
    if (isInline) this.pos = this.skipSpaces(this.pos);
    else {
      const empty = this.lastEnd;
      if (!this.toContent() || this.pos - this.lineStart <= indent)
        return this.leaf(null, { keyStart: empty, start: empty, end: empty });
    }
    return this.blockNode(indent, this.pos);
  }

  private scalarOrFlow(parent: number, keyStart: number): unknown {
    const { text, pos } = this;
    const code = text.charCodeAt(pos);
    if (code === 91 || code === 123) {
      const value = code === 91 ? this.flowSequence(keyStart) : this.flowMapping(keyStart);
      this.endOfLine();
      return value;
    }
    if (code === 124 || code === 62) return this.blockScalar(parent, keyStart);
    if (code === DOUBLE || code === SINGLE) {
      const close = this.closeQuote(pos, code);
      const value = this.quoted(pos, close, code);
      this.pos = close;
      this.endOfLine();
      return this.leaf(value, { keyStart, start: pos, end: close });
    }
    return isIndicator(code) ? giveUp() : this.plainScalar(parent, keyStart);
  }

  /** A plain scalar goes on in every line that is deeper than its parent, up to a comment. */
  private plainScalar(parent: number, keyStart: number): unknown {
    const start = this.pos;
    let end = start;
    let lines = 0;
    do {
      // A comment ends the scalar, and what follows it is an error.
      if (lines++ > 0 && this.text.slice(end, this.pos).includes('#')) giveUp();
      const line = this.plainEnd(this.pos, false);
      if (line.isKey) giveUp();
      end = line.end;
      this.pos = end;
      this.endOfLine();
    } while (this.toContent() && this.pos - this.lineStart > parent);
    const text =
      lines > 1
        ? getScalarValue(this.text, scalarEvent(SCALAR_STYLE.PLAIN, start, end))
        : this.text.slice(start, end);
    return this.leaf(this.plain(text), { keyStart, start, end });
  }

  private blockScalar(parent: number, keyStart: number): unknown {
    const block = findBlock(this.text, { at: this.pos, end: this.end, parent });
    if (block === undefined) giveUp();
    const { start, end, event } = block;
    // A last line of spaces counts as one, though nothing ends it.
    if (end === this.text.length && event.chomping === CHOMPING_MODE.KEEP && !this.text.endsWith('\n'))
      giveUp();
    const value = getScalarValue(this.original, event);
    // An item of a sequence has no key of its own: it begins where its text does.
    const key = keyStart === this.pos ? start : keyStart;
    this.pos = end;
    this.lineStart = end;
    return this.leaf(value, { keyStart: key, start, end });
  }
}
