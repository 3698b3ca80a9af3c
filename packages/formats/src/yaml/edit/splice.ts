import { type Edit, settleRemovals } from '@bulwark/core';
import { CannotSplice } from './cannot-splice.ts';
import { type Changes, changesOf } from './changes.ts';
import { SourceNode } from './source-node.ts';
import { isLineStart, lineEndBefore } from './source-text.ts';
import { Writer } from './writer.ts';

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
  const changes = changesOf(root, settleRemovals(source.object, edits));
  const { replaced, inserted, appended, removed } = changes;
  const writer = new Writer(text, root);
  const splices: Splice[] = [];
  for (const [parent, gone] of removed) {
    if (isGone(parent, changes)) continue;
    if (parent.children.some((child) => !gone.has(child))) splices.push(...writer.remove(parent, gone));
    else {
      const empty = Array.isArray(parent.value) ? [] : {};
      splices.push(...writer.replace(parent, inserted.get(parent) ?? appended.get(parent) ?? empty));
      inserted.delete(parent);
      appended.delete(parent);
    }
  }
  for (const node of deepestFirst([...replaced.keys(), ...inserted.keys(), ...appended.keys()])) {
    if (isGone(node, changes)) continue;
    const [value, entries, items] = [replaced.get(node), inserted.get(node), appended.get(node)];
    if (value !== undefined) splices.push(...writer.replace(node, value));
    if (entries !== undefined) splices.push(...writer.insert(node, entries));
    if (items !== undefined) splices.push(writer.append(node, items));
  }
  return withoutInner(movedOut(splices, text));
}

/** What is added to several blocks that end in one line belongs to the innermost of them first. */
function deepestFirst(nodes: readonly SourceNode[]): SourceNode[] {
  return [...new Set(nodes)].toSorted((a, b) => b.depth - a.depth);
}

/** Whether a node goes with something around it. */
function isGone(node: SourceNode, { removed }: Changes): boolean {
  for (let at: SourceNode | undefined = node; at?.parent !== undefined; at = at.parent)
    if (removed.get(at.parent)?.has(at) === true) return true;
  return false;
}

/** What is to stand below a line that goes is put below the line before it. */
function movedOut(splices: readonly Splice[], text: string): Splice[] {
  const sorted = splices.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const result: Splice[] = [];
  let lines = { start: 0, end: 0 };
  for (const splice of sorted) {
    const { start, end } = splice;
    const isAtOpenEnd = start === text.length && start === lines.end && !isLineStart(text, start);
    if (start === end && (start < lines.end || isAtOpenEnd)) {
      const place = lineEndBefore(text, lines.start);
      result.push({ start: place, end: place, text: splice.text });
      continue;
    }
    if (splice.text === '' && isLineStart(text, start) && (isLineStart(text, end) || end === text.length))
      lines = { start: start === lines.end ? lines.start : start, end };
    result.push(splice);
  }
  return result;
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
    // What an anchor has is edited wherever it is used.
    if (last !== undefined && isSame(splice, last)) continue;
    if (last === undefined || splice.start >= last.end) kept.push(splice);
    else if (splice.end > last.end) throw new CannotSplice('two edits overlap');
  }
  return kept;
}

function isSame(one: Splice, other: Splice): boolean {
  return one.start === other.start && one.end === other.end && one.text === other.text;
}
