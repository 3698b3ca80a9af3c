import { isObject, type Json, type JsonObject } from '@bulwark/core';
import { CannotSplice } from './cannot-splice.ts';
import { type Layout, layoutOf } from './layout.ts';
import { type BlockStyle, entriesInBlock, entryInBlock, inFlow, itemInBlock } from './render.ts';
import type { SourceNode } from './source-node.ts';
import { lineEndBefore, SourceText } from './source-text.ts';
import type { Splice } from './splice.ts';

/** Comments of what goes go with it; no other comment may. */
const COMMENT = /(^|[\s,])#/;

/** Writes changes of an object's nodes as splices of its text. */
export class Writer {
  private readonly text: string;
  private readonly source: SourceText;
  private readonly root: SourceNode;
  private layout: Layout | undefined;

  constructor(text: string, root: SourceNode) {
    this.text = text;
    this.source = new SourceText(text);
    this.root = root;
  }

  /** Writes a value anew. A comment beside it stays, and so do those between the lines of a list or mapping. */
  replace(node: SourceNode, value: Json): readonly Splice[] {
    if (node.parent === undefined) throw new CannotSplice('the whole object cannot be replaced');
    const inline = inFlow(value, this.source.isJson);
    if (typeof node.part === 'number') return [this.replaceItem(node, inline)];
    const isInFlow =
      (this.source.aliasOf(node) === undefined && this.source.isFlow(node)) ||
      this.source.isFlow(node.parent);
    return isObject(value) && Object.keys(value).length > 0 && !isInFlow
      ? this.replaceByBlock(node, value)
      : this.replaceInline(node, inline);
  }

  private replaceItem(node: SourceNode, inline: string): Splice {
    const { start, end } = this.source.aliasOf(node) ?? {
      start: node.start,
      end: this.source.contentEnd(node),
    };
    if (this.source.isBlock(node) && COMMENT.test(this.text.slice(start, end)))
      throw new CannotSplice('a comment would be lost');
    return { start, end, text: inline };
  }

  private replaceInline(node: SourceNode, inline: string): readonly Splice[] {
    const { source } = this;
    const place = source.afterProperties(node);
    if (source.isBlock(node)) return [insertion(place, ` ${inline}`), ...this.removeAll(node)];
    const header = source.blockHeader(node);
    if (header !== undefined)
      return [
        { ...header, text: ` ${inline}` },
        { ...this.bodyOf(node, header.end), text: '' },
      ];
    const old = this.scalarOf(node);
    return old === undefined ? [insertion(place, ` ${inline}`)] : [{ ...old, text: inline }];
  }

  private replaceByBlock(node: SourceNode, value: JsonObject): readonly Splice[] {
    const { source } = this;
    const place = source.afterProperties(node);
    const style = this.styleAt(node.keyStart);
    const column = source.columnOf(node.keyStart) + style.step;
    const text = style.newLine + ' '.repeat(column) + entriesInBlock(value, column, style);
    if (source.isBlock(node)) return [insertion(source.lineEnd(place), text), ...this.removeAll(node)];
    const header = source.blockHeader(node);
    if (header !== undefined)
      return [
        { ...header, text: '' },
        { ...this.bodyOf(node, header.end), text },
      ];
    const old = this.scalarOf(node);
    if (old === undefined) return [insertion(source.lineEnd(place), text)];
    const line = source.lineStart(old.start);
    if (line > place) return [{ start: lineEndBefore(this.text, line), end: old.end, text }];
    return [{ start: place, end: old.end, text: '' }, insertion(source.lineEnd(old.end), text)];
  }

  /** Where a value on one line, in flow style or in quotes stands; undefined where there is none. */
  private scalarOf(node: SourceNode): Pick<Splice, 'start' | 'end'> | undefined {
    const alias = this.source.aliasOf(node);
    if (alias !== undefined) return alias;
    const { start } = node;
    const end = this.source.contentEnd(node);
    return end > start && start >= this.source.afterProperties(node) ? { start, end } : undefined;
  }

  /** The lines of a block of text, below its header. */
  private bodyOf(node: SourceNode, header: number): Pick<Splice, 'start' | 'end'> {
    const start = this.source.lineEnd(header);
    return { start, end: Math.max(start, this.source.contentEnd(node)) };
  }

  private removeAll(node: SourceNode): Splice[] {
    const parts = this.source.ownParts(node);
    return parts.map((part) => this.removeLines(part, new Set(parts)));
  }

  /** Adds entries to a mapping, below its last one. */
  insert(node: SourceNode, entries: Readonly<Record<string, Json>>): readonly Splice[] {
    const { source } = this;
    if (source.isFlow(node)) return this.insertInFlow(node, entries);
    const parts = source.ownParts(node);
    const [first, last] = [parts[0], parts.at(-1)];
    if (first === undefined || last === undefined)
      throw new CannotSplice('the mapping has no place to write');
    const column = source.columnOf(first.keyStart);
    const place = source.below(last, column);
    const style = this.styleAt(place);
    const before = style.newLine + ' '.repeat(column);
    const texts = Object.entries(entries).map(
      ([key, value]) => before + entryInBlock(key, value, column, style),
    );
    return [insertion(place, texts.join(''))];
  }

  private insertInFlow(node: SourceNode, entries: Readonly<Record<string, Json>>): readonly Splice[] {
    const { source, text } = this;
    const parts = source.ownParts(node);
    const [first, last] = [parts[0], parts.at(-1)];
    // Nobody writes a mapping in braces among blocks but for being empty.
    const isAmongBlocks =
      typeof node.part === 'string' && node.parent !== undefined && source.isBlock(node.parent);
    if (first === undefined && isAmongBlocks && text.slice(node.start, node.end) === '{}')
      return this.replaceByBlock(node, entries);
    const texts = Object.entries(entries).map(([key, value]) =>
      inFlow({ [key]: value }, source.isJson).slice(1, -1),
    );
    if (first === undefined || last === undefined) return [insertion(node.start + 1, texts.join(', '))];
    const gap = text.slice(node.start + 1, first.keyStart);
    const between = /^\s*\n\s*$/.test(gap) ? `,${gap}` : ', ';
    return [insertion(this.flowEnd(last), texts.map((entry) => between + entry).join(''))];
  }

  /** Adds items to a list, below its last one. */
  append(node: SourceNode, items: readonly Json[]): Splice {
    const { source } = this;
    const parts = source.ownParts(node);
    const [first, last] = [parts[0], parts.at(-1)];
    if (source.isFlow(node)) {
      const text = items.map((item) => inFlow(item, source.isJson)).join(', ');
      return first === undefined || last === undefined
        ? insertion(node.start + 1, text)
        : insertion(this.flowEnd(last), `, ${text}`);
    }
    if (first === undefined || last === undefined) throw new CannotSplice('the list has no place to write');
    const dash = source.dashOf(first);
    const gap = /^- {1,8}$/.exec(this.text.slice(dash, first.start))?.[0] ?? '- ';
    const column = source.columnOf(dash);
    const place = source.below(last, column);
    const style = this.styleAt(place);
    const before = style.newLine + ' '.repeat(column) + gap;
    return insertion(
      place,
      items.map((item) => before + itemInBlock(item, column + gap.length, style)).join(''),
    );
  }

  /** Where a part in flow style ends. */
  private flowEnd(node: SourceNode): number {
    return this.source.aliasOf(node)?.end ?? node.end;
  }

  /** Removes some parts of a list or mapping, with the comments in their lines. */
  remove(parent: SourceNode, gone: ReadonlySet<SourceNode>): readonly Splice[] {
    const { source } = this;
    if (source.isFlow(parent)) return this.removeInFlow(source.ownParts(parent), gone);
    return parent.children.filter((child) => gone.has(child)).map((child) => this.removeLines(child, gone));
  }

  private removeInFlow(parts: readonly SourceNode[], gone: ReadonlySet<SourceNode>): Splice[] {
    const { source, text } = this;
    const lastKept = parts.findLastIndex((part) => !gone.has(part));
    const splices: Splice[] = [];
    let before = this.flowEnd(parts[lastKept] ?? parts[0] ?? this.root);
    for (const [index, part] of parts.entries()) {
      if (!gone.has(part)) continue;
      const next = parts[index + 1];
      const [start, end] =
        index < lastKept && next !== undefined
          ? [source.startOf(part), source.startOf(next)]
          : [before, this.flowEnd(part)];
      const gaps = text.slice(start, source.startOf(part)) + text.slice(this.flowEnd(part), end);
      if (COMMENT.test(gaps)) throw new CannotSplice('a comment would be lost');
      splices.push({ start, end, text: '' });
      if (index > lastKept) before = end;
    }
    return splices;
  }

  /** Whole lines where the entry has its own; the first entry of a list's item shares its line with the dash. */
  private removeLines(node: SourceNode, gone: ReadonlySet<SourceNode>): Splice {
    const { source } = this;
    const start = typeof node.part === 'number' ? source.dashOf(node) : node.keyStart;
    const line = source.lineStart(start);
    if (this.text.slice(line, start).trim() === '')
      return { start: line, end: source.nextLine(source.endOfLines(node)), text: '' };
    const siblings = node.parent === undefined ? [] : source.ownParts(node.parent);
    const next = siblings.slice(siblings.indexOf(node) + 1).find((sibling) => !gone.has(sibling));
    if (next === undefined || typeof node.part === 'number')
      throw new CannotSplice('the entry shares its line with others');
    return { start, end: next.keyStart, text: '' };
  }

  private styleAt(place: number): BlockStyle {
    this.layout ??= layoutOf(this.root, this.source);
    return { ...this.layout, newLine: this.source.newLineAt(place) };
  }
}

function insertion(place: number, text: string): Splice {
  return { start: place, end: place, text };
}
