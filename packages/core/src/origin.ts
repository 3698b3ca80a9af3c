import type { Path } from './path.ts';

/** A region of a file; lines and columns count from 1, columns in UTF-16 units, the end is exclusive. */
export interface Region {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Where the lines of a file begin, in UTF-16 offsets. One table serves all documents of the file. */
export interface FileLines {
  readonly file: string;
  readonly lineStarts: Uint32Array;
  /** For rendered text: the template's line, from 1, of every line. Columns then stay those of the rendered text. */
  readonly lineMap?: Uint32Array;
  /** The values file of a chart that gave this text besides the default one, so that a second copy is no surprise. */
  readonly variant?: string;
}

/**
 * Where a resource was written. `offsets` holds four numbers for each node of the whole document, depth first in the
 * order of `Object.keys`: key start, value start, value end, nodes in the subtree. `node` is the resource's own root,
 * which lies deeper than the document's for an item of a List.
 */
export interface FileOrigin {
  readonly kind: 'file';
  readonly lines: FileLines;
  readonly document: number;
  readonly offsets: Uint32Array;
  readonly node: number;
}

/** Where a live object was seen. */
export interface ClusterOrigin {
  readonly kind: 'cluster';
  readonly cluster: string;
  readonly resourceVersion: string;
}

/** Where a resource comes from. */
export type Origin = FileOrigin | ClusterOrigin;

const WIDTH = 4;

/** The place in `offsets` of the deepest node that exists on a path, and how many parts of the path it covers. */
export function findNode(
  root: unknown,
  offsets: Uint32Array,
  node: number,
  path: Path,
): { node: number; depth: number } {
  let value = root;
  let at = node;
  let depth = 0;
  for (const part of path) {
    const child = childNode(value, offsets, at, part);
    if (child === undefined) break;
    at = child.node;
    value = child.value;
    depth++;
  }
  return { node: at, depth };
}

function childNode(
  value: unknown,
  offsets: Uint32Array,
  node: number,
  part: string | number,
): { node: number; value: unknown } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  let at = node + WIDTH;
  if (Array.isArray(value)) {
    if (typeof part !== 'number' || part >= value.length) return undefined;
    for (let index = 0; index < part; index++) at += (offsets[at + 3] ?? 1) * WIDTH;
    return { node: at, value: value[part] };
  }
  for (const key of Object.keys(value)) {
    if (key === part) return { node: at, value: (value as Record<string, unknown>)[key] };
    at += (offsets[at + 3] ?? 1) * WIDTH;
  }
  return undefined;
}

/** The table of line starts of a text; `\n`, `\r\n` and a lone `\r` end a line. */
export function lineStartsOf(text: string): Uint32Array {
  const starts: number[] = [0];
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    return Uint32Array.from(starts);
  }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return Uint32Array.from(starts);
}

/** Line and column, from 1, of a UTF-16 offset; in rendered text, the line of the template. */
export function positionOf(
  { lineStarts, lineMap }: FileLines,
  offset: number,
): { line: number; column: number } {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: lineMap?.[low] ?? low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

/**
 * The region of a path in the file it was written in: from its key to the end of its value, or that of its nearest
 * ancestor where the path is absent. Undefined for live objects.
 */
export function regionOf(root: unknown, origin: Origin, path: Path): Region | undefined {
  if (origin.kind !== 'file') return undefined;
  const { offsets, lines } = origin;
  const { node, depth } = findNode(root, offsets, origin.node, path);
  const from = offsets[node] ?? 0;
  // An ancestor stands in for a missing field: its key alone is marked, not all that lies below it.
  const to = depth === path.length ? (offsets[node + 2] ?? from) : (offsets[node + 1] ?? from);
  const start = positionOf(lines, from);
  const end = positionOf(lines, Math.max(from, to));
  return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}
