import { type Edit, isObject, type Json } from '@bulwark/core';
import { CannotSplice } from './cannot-splice.ts';
import { changesOf } from './changes.ts';
import { type BlockStyle, entryInBlock, inFlow, itemInBlock } from './render.ts';
import { SourceNode } from './source-node.ts';

/** A change of a text: what stands from `start` to `end`, in UTF-16 units, becomes `text`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** An object in the text of its file: `offsets` and `node` as in `FileOrigin`. */
export interface SourceObject {
  readonly object: unknown;
  readonly offsets: Uint32Array;
  readonly node: number;
}

/**
 * The splices that make edits in the text of an object and leave everything else as it is, comments and layout
 * included. What they make has to be read again and compared: anchors, for one, can carry an edit further than meant.
 *
 * @throws CannotSplice when the text has no place for an edit.
 */
export function splicesOf(text: string, source: SourceObject, edits: readonly Edit[]): Splice[] {
  const root = SourceNode.root(source.object, source.offsets, source.node);
  const { replaced, inserted, appended, removed } = changesOf(root, edits);
  const writer = new Writer(text);
  const splices = [
    ...[...removed].flatMap(([parent, gone]) => writer.remove(parent, gone)),
    ...[...replaced].map(([node, value]) => writer.replace(node, value)),
    ...[...inserted].map(([node, entries]) => writer.insert(node, entries)),
    ...[...appended].map(([node, items]) => writer.append(node, items)),
  ];
  return withoutInner(splices);
}

/** The text with splices made. They must not overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = '';
  let at = 0;
  for (const splice of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, splice.start) + splice.text;
    at = splice.end;
  }
  return result + text.slice(at);
}

/** Leaves out what would be done inside of what goes anyway. */
function withoutInner(splices: readonly Splice[]): Splice[] {
  const sorted = splices.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const kept: Splice[] = [];
  for (const splice of sorted) {
    const last = kept.at(-1);
    if (last === undefined || splice.start >= last.end) kept.push(splice);
    else if (splice.end > last.end) throw new CannotSplice('two edits overlap');
  }
  return kept;
}

class Writer {
  private readonly text: string;
  private readonly isJson: boolean;
  private readonly style: BlockStyle;

  constructor(text: string) {
    this.text = text;
    this.isJson = /^\uFEFF?\s*[[{]/.test(text);
    this.style = { newLine: text.includes('\r\n') ? '\r\n' : '\n', step: 2 };
  }

  replace(node: SourceNode, value: Json): Splice {
    if (node.parent === undefined) throw new CannotSplice('the whole object cannot be replaced');
    if (typeof node.part === 'number')
      return { start: node.start, end: node.end, text: inFlow(value, this.isJson) };
    const start = this.afterColon(node);
    const isBlock = !this.isFlow(node.parent) && isObject(value) && Object.keys(value).length > 0;
    const written = isBlock
      ? entryInBlock('', value, this.columnOf(node.keyStart), this.style).slice('"":'.length)
      : ` ${inFlow(value, this.isJson)}`;
    return { start, end: Math.max(start, this.contentEnd(node)), text: written };
  }

  insert(node: SourceNode, entries: Readonly<Record<string, Json>>): Splice {
    const [first, last] = [node.children[0], node.children.at(-1)];
    const written = Object.entries(entries);
    if (this.isFlow(node)) {
      const texts = written.map(([key, value]) => inFlow({ [key]: value }, this.isJson).slice(1, -1));
      if (first === undefined || last === undefined) return this.at(node.start + 1, texts.join(', '));
      const gap = this.text.slice(node.start + 1, first.keyStart);
      const between = /^\s*\n\s*$/.test(gap) ? `,${gap}` : ', ';
      return this.at(last.end, texts.map((text) => between + text).join(''));
    }
    if (first === undefined || last === undefined)
      throw new CannotSplice('the mapping has no place to write');
    const column = this.columnOf(first.keyStart);
    const before = this.style.newLine + ' '.repeat(column);
    const text = written
      .map(([key, value]) => before + entryInBlock(key, value, column, this.style))
      .join('');
    return this.at(this.endOfLines(last), text);
  }

  append(node: SourceNode, items: readonly Json[]): Splice {
    const [first, last] = [node.children[0], node.children.at(-1)];
    if (this.isFlow(node)) {
      const text = items.map((item) => inFlow(item, this.isJson)).join(', ');
      return first === undefined || last === undefined
        ? this.at(node.start + 1, text)
        : this.at(last.end, `, ${text}`);
    }
    if (first === undefined || last === undefined) throw new CannotSplice('the list has no place to write');
    const column = this.columnOf(this.dashOf(first));
    const before = this.style.newLine + ' '.repeat(column);
    return this.at(
      this.endOfLines(last),
      items.map((item) => before + itemInBlock(item, column, this.style)).join(''),
    );
  }

  remove(parent: SourceNode, gone: ReadonlySet<SourceNode>): Splice[] {
    const kept = parent.children.filter((child) => !gone.has(child));
    if (kept.length === 0) return [this.replace(parent, Array.isArray(parent.value) ? [] : {})];
    if (this.isFlow(parent)) return this.removeInFlow(parent, gone);
    return parent.children.filter((child) => gone.has(child)).map((child) => this.removeLines(child, gone));
  }

  private removeInFlow({ children }: SourceNode, gone: ReadonlySet<SourceNode>): Splice[] {
    const lastKept = children.findLastIndex((child) => !gone.has(child));
    const splices: Splice[] = [];
    for (const [index, child] of children.entries()) {
      const next = children[index + 1];
      if (gone.has(child) && index < lastKept && next !== undefined)
        splices.push({ start: this.startOf(child), end: this.startOf(next), text: '' });
    }
    const [end, last] = [children[lastKept]?.end ?? 0, children.at(-1)?.end ?? 0];
    return last > end ? [...splices, { start: end, end: last, text: '' }] : splices;
  }

  private startOf(node: SourceNode): number {
    return typeof node.part === 'number' ? node.start : node.keyStart;
  }

  /** Whole lines where the entry has its own; the first entry of a list's item shares its line with the dash. */
  private removeLines(node: SourceNode, gone: ReadonlySet<SourceNode>): Splice {
    const start = typeof node.part === 'number' ? this.dashOf(node) : node.keyStart;
    const line = this.lineStart(start);
    if (this.text.slice(line, start).trim() === '')
      return { start: line, end: this.nextLine(this.endOfLines(node)), text: '' };
    const siblings = node.parent?.children ?? [];
    const next = siblings.slice(siblings.indexOf(node) + 1).find((sibling) => !gone.has(sibling));
    if (next === undefined || typeof node.part === 'number')
      throw new CannotSplice('the entry shares its line with others');
    return { start, end: next.keyStart, text: '' };
  }

  private at(place: number, text: string): Splice {
    return { start: place, end: place, text };
  }

  private isFlow(node: SourceNode): boolean {
    return /[[{]/.test(this.text[node.start] ?? '') && !this.isBlockKey(node);
  }

  /** Whether a mapping only starts with a bracket because its first key does. */
  private isBlockKey({ start, children: [first] }: SourceNode): boolean {
    return first !== undefined && this.startOf(first) === start;
  }

  private afterColon({ keyStart }: SourceNode): number {
    const quoted = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*:/.exec(this.text.slice(keyStart, keyStart + 2000));
    if (quoted !== null) return keyStart + quoted[0].length;
    const plain = /:(?=\s|$)/.exec(this.text.slice(keyStart, keyStart + 2000));
    if (plain === null) throw new CannotSplice('the key has no colon');
    return keyStart + plain.index + 1;
  }

  private lineStart(at: number): number {
    return Math.max(this.text.lastIndexOf('\n', at - 1), this.text.lastIndexOf('\r', at - 1)) + 1;
  }

  private columnOf(at: number): number {
    return at - this.lineStart(at);
  }

  /** The dash before an item of a list in block style. */
  private dashOf(item: SourceNode): number {
    // What a block of text says starts in the line after its dash.
    const isBlockText = item.start > 0 && this.lineStart(item.start) === item.start;
    const line = this.lineStart(isBlockText ? item.start - 1 : item.start);
    const before = /^([ \t]*)-/.exec(this.text.slice(line, item.start));
    const inner = /-[ \t]*$/.exec(this.text.slice(line, item.start));
    if (!isBlockText && inner !== null) return line + inner.index;
    if (before !== null && isBlockText) return line + (before[1]?.length ?? 0);
    throw new CannotSplice('the item does not start beside its dash');
  }

  /** Where a node's last visible character ends; blocks of text take the empty lines after them along. */
  private contentEnd(node: SourceNode): number {
    let end = node.end;
    while (end > node.keyStart && /\s/.test(this.text[end - 1] ?? '')) end--;
    return end;
  }

  /** The end of the last line that a node has anything on, its line's comment included. */
  private endOfLines(node: SourceNode): number {
    const end = this.contentEnd(node);
    const line = /[\r\n]|$/.exec(this.text.slice(end));
    return end + (line?.index ?? 0);
  }

  private nextLine(end: number): number {
    return end + (/^(\r\n|\r|\n)?/.exec(this.text.slice(end, end + 2))?.[0].length ?? 0);
  }
}
