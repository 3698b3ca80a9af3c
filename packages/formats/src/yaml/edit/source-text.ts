import { CannotSplice } from './cannot-splice.ts';
import type { SourceNode } from './source-node.ts';

/** A key is looked through for its colon up to here; YAML allows keys of 1,024 characters. */
const LONGEST_KEY = 2000;
const ALIAS = /\*[^\s,[\]{}]+/y;
/** What may stand between a key and an alias. */
const BEFORE_ALIAS = /(?:\s|#[^\r\n]*[\r\n])*/y;
/** Tags and anchors. */
const PROPERTIES = /(?:[ \t]+[&!][^\s,[\]{}]*)*/y;
const BLOCK_HEADER = /[ \t]*[|>][-+\d]*/y;
/** A dash, and what may stand between it and its item: properties, and the rest of a line. */
const DASH = /-(?:[ \t]+[&!]\S*)*[ \t]*(?:(?:[|>][-+\d]*)?[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)[ \t]*)?$/;
const INDENT = / */y;
/** How far before an item its dash is looked for. */
const LONGEST_LEAD = 500;

const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];

function isLineEnd(character: number): boolean {
  return character === LINE_FEED || character === CARRIAGE_RETURN;
}

/** Whether a line starts at a place. */
export function isLineStart(text: string, at: number): boolean {
  return lineEndBefore(text, at) < at || at === 0;
}

/** Where the line before one that starts at a place ends. */
export function lineEndBefore(text: string, line: number): number {
  return line - (/(\r\n|\r|\n)?$/.exec(text.slice(Math.max(0, line - 2), line))?.[0].length ?? 0);
}

/** Where a text has its lines, and where its nodes begin and end in them. */
export class SourceText {
  readonly text: string;
  readonly isJson: boolean;

  constructor(text: string) {
    this.text = text;
    this.isJson = /^\uFEFF?\s*[[{]/.test(text);
  }

  /** Where the match of a sticky expression ends; the place itself where there is none. */
  private after(expression: RegExp, place: number): number {
    expression.lastIndex = place;
    return place + (expression.exec(this.text)?.[0].length ?? 0);
  }

  lineStart(at: number): number {
    let start = at;
    // Not by `lastIndexOf`: it would look for a kind of line end that the file does not have up to its start.
    while (start > 0 && !isLineEnd(this.text.charCodeAt(start - 1))) start--;
    return start === 0 && this.text.startsWith('\uFEFF') && at > 0 ? 1 : start;
  }

  columnOf(at: number): number {
    return at - this.lineStart(at);
  }

  /** The end of a place's line, its comment included. */
  lineEnd(at: number): number {
    return at + (/[\r\n]|$/.exec(this.text.slice(at))?.index ?? 0);
  }

  nextLine(end: number): number {
    return end + (/^(\r\n|\r|\n)?/.exec(this.text.slice(end, end + 2))?.[0].length ?? 0);
  }

  /** How the line of a place ends, or that before it where it is the last one. */
  newLineAt(at: number): string {
    const end = this.lineEnd(at);
    const own = this.text.slice(end, this.nextLine(end));
    const start = this.lineStart(at);
    return own || this.text.slice(lineEndBefore(this.text, start), start) || '\n';
  }

  private findColon({ keyStart }: SourceNode): number | undefined {
    const source = this.text.slice(keyStart, keyStart + LONGEST_KEY);
    const key = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*:/s.exec(source) ?? /^[^"'].*?:(?=\s|$)/s.exec(source);
    return key === null ? undefined : keyStart + key[0].length;
  }

  private afterColon(node: SourceNode): number {
    const colon = this.findColon(node);
    if (colon === undefined) throw new CannotSplice('the key has no colon');
    return colon;
  }

  /** Where a key's value can be put: behind its tag and its anchor. */
  afterProperties(node: SourceNode): number {
    return this.after(PROPERTIES, this.afterColon(node));
  }

  /** Where a block of text says how it is written, behind its key. */
  blockHeader(node: SourceNode): { readonly start: number; readonly end: number } | undefined {
    const start = this.afterProperties(node);
    const end = this.after(BLOCK_HEADER, start);
    return end === start ? undefined : { start, end };
  }

  /** The dash before an item of a list in block style, where it stands beside it or in the line before. */
  findDash(item: SourceNode): number | undefined {
    const start = this.aliasOf(item)?.start ?? item.start;
    const line = this.lineStart(Math.max(this.lineStart(start) - 1, 0));
    const from = Math.max(line, start - LONGEST_LEAD);
    const match = DASH.exec(this.text.slice(from, start));
    return match === null ? undefined : from + match.index;
  }

  dashOf(item: SourceNode): number {
    const dash = this.findDash(item);
    if (dash === undefined) throw new CannotSplice('the item does not start beside its dash');
    return dash;
  }

  /** The place of an alias, whose node points at its anchor. */
  aliasOf(node: SourceNode): { readonly start: number; readonly end: number } | undefined {
    if (node.parent === undefined) return undefined;
    const before = typeof node.part === 'number' ? node.keyStart : this.findColon(node);
    if (before === undefined) return undefined;
    const start = typeof node.part === 'number' ? before : this.after(BEFORE_ALIAS, before);
    const end = this.after(ALIAS, start);
    return end === start ? undefined : { start, end };
  }

  startOf(node: SourceNode): number {
    if (typeof node.part === 'string') return node.keyStart;
    return this.aliasOf(node)?.start ?? node.start;
  }

  /** Where a node's last visible character ends; blocks of text take the empty lines after them along. */
  contentEnd(node: SourceNode): number {
    const alias = this.aliasOf(node);
    if (alias !== undefined) return alias.end;
    let { end } = node;
    while (end > node.keyStart && /\s/.test(this.text[end - 1] ?? '')) end--;
    // A key without a value ends before its colon, and so does what it is the last part of.
    const last = node.value === null ? undefined : this.ownParts(node).at(-1);
    if (last !== undefined) return Math.max(end, this.contentEnd(last));
    const isBare = node.value === null && typeof node.part === 'string';
    return isBare ? Math.max(end, this.findColon(node) ?? end) : end;
  }

  /** The end of the last line that a node has anything on, its line's comment included. */
  endOfLines(node: SourceNode): number {
    return this.lineEnd(this.contentEnd(node));
  }

  /**
   * Where something in a column can be put below a node: below its last line, and below the comments there that stand
   * further in, for they belong to the node.
   */
  below(node: SourceNode, column: number): number {
    let place = this.endOfLines(node);
    for (;;) {
      const line = this.nextLine(place);
      const start = this.after(INDENT, line);
      if (line === place || this.text[start] !== '#' || start - line <= column) return place;
      place = this.lineEnd(start);
    }
  }

  /** The parts that are written where the node is: those of a merge are not. */
  ownParts(node: SourceNode): readonly SourceNode[] {
    return node.children.filter(({ keyStart }) => keyStart >= node.start && keyStart < node.end);
  }

  isFlow(node: SourceNode): boolean {
    const [first] = this.ownParts(node);
    // A mapping may only start with a bracket because its first key does.
    return (
      /[[{]/.test(this.text[node.start] ?? '') && (first === undefined || this.startOf(first) > node.start)
    );
  }

  /** Whether a node has parts on lines of their own. */
  isBlock(node: SourceNode): boolean {
    return this.ownParts(node).length > 0 && this.aliasOf(node) === undefined && !this.isFlow(node);
  }
}
