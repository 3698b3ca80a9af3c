import { type OffsetBuffer, WIDTH } from './offsets.ts';
import { resolveAny } from './scalar.ts';

/** A child of a mapping: its key, and where its block is in the table of offsets. */
export interface Child {
  readonly key: string;
  readonly at: number;
}

/** A mapping with its node in the table of offsets. */
export interface Mapping {
  readonly map: Record<string, unknown>;
  readonly node: number;
  /** Set once the order of `Object.keys` may differ from the document's: integer keys, merges, `__proto__`. */
  children: Child[] | undefined;
}

/** A collection that is being built. */
export interface Frame extends Mapping {
  readonly isMap: boolean;
  readonly list: unknown[];
  readonly start: number;
  readonly isFlow: boolean;
  readonly anchor: string | undefined;
  /** The keys that are written in the mapping itself; set once something was merged. */
  own: Set<string> | undefined;
  key: string | undefined;
  keyStart: number;
  keyIsMerge: boolean;
}

/** Where a value stands in the table of offsets. */
export interface Placed {
  readonly node: number;
  readonly nodes: OffsetBuffer;
}

/** Why a value was not merged. */
export type NotMerged = 'no-mapping' | 'same-key';

const NO_MAP: Record<string, unknown> = {};
const NO_LIST: unknown[] = [];

/** An empty collection. */
export function openFrame(start: Pick<Frame, 'isMap' | 'node' | 'anchor' | 'start' | 'isFlow'>): Frame {
  return {
    isMap: start.isMap,
    map: start.isMap ? {} : NO_MAP,
    list: start.isMap ? NO_LIST : [],
    node: start.node,
    start: start.start,
    isFlow: start.isFlow,
    anchor: start.anchor,
    children: undefined,
    own: undefined,
    key: undefined,
    keyStart: 0,
    keyIsMerge: false,
  };
}

/** JavaScript lists integer-like keys first, whatever the order they were written in, and keeps `__proto__` apart. */
export function isIrregular(key: string): boolean {
  const first = key.charCodeAt(0);
  return first <= 57 ? first >= 48 && /^\d+$/.test(key) : first === 95 && key === '__proto__';
}

/**
 * Whether a key that is there already may be another one for Go, which tells `1` from `"1"` until it writes both as
 * the same text, and then keeps one of them at random.
 */
function isUntold(map: Record<string, unknown>, key: string): boolean {
  return Object.hasOwn(map, key) && typeof resolveAny(key) !== 'string';
}

/** Adds a pair that is written in the mapping itself; false when its key is there already. */
export function attachOwn(frame: Frame, value: unknown, { node, nodes }: Placed): boolean {
  const { map, own } = frame;
  const key = frame.key ?? '';
  if (own === undefined ? Object.hasOwn(map, key) : own.has(key) || isUntold(map, key)) return false;
  own?.add(key);
  if (frame.children === undefined && isIrregular(key)) frame.children = childrenOf(frame, nodes);
  frame.children?.push({ key, at: node });
  if (key === '__proto__') define(map, key, value);
  else map[key] = value;
  return true;
}

/**
 * Merges the value of a `<<` key, the last node in the table, as Go's YAML does: at its place among the pairs, so that
 * it overrides what stands before it and is overridden by what follows, and the first of several sources wins.
 *
 * @returns how many nodes it added; `no-mapping` when the value is neither a mapping nor a list of mappings, and
 * `same-key` when it has a key that Go may keep twice.
 */
export function attachMerged(frame: Frame, value: unknown, { node, nodes }: Placed): number | NotMerged {
  frame.children ??= childrenOf(frame, nodes);
  frame.own ??= new Set(Object.keys(frame.map));
  const sources = sourcesOf(value, nodes.copy(node));
  nodes.truncate(node);
  if (sources === undefined) return 'no-mapping';
  let added = 0;
  for (const source of sources.toReversed()) {
    let at = WIDTH;
    for (const [key, item] of Object.entries(source.map)) {
      const size = (source.nodes[at + 3] ?? 1) * WIDTH;
      const block = source.nodes.subarray(at, at + size);
      if (isUntold(frame.map, key)) return 'same-key';
      frame.children.push({ key, at: nodes.append(block, block[0] ?? 0) });
      define(frame.map, key, item);
      added += size / WIDTH;
      at += size;
    }
  }
  return added;
}

interface Source {
  readonly map: Record<string, unknown>;
  readonly nodes: Uint32Array;
}

function sourcesOf(value: unknown, nodes: Uint32Array): Source[] | undefined {
  if (isMapping(value)) return [{ map: value, nodes }];
  if (!Array.isArray(value)) return undefined;
  const sources: Source[] = [];
  let at = WIDTH;
  for (const map of value) {
    if (!isMapping(map)) return undefined;
    const size = (nodes[at + 3] ?? 1) * WIDTH;
    sources.push({ map, nodes: nodes.subarray(at, at + size) });
    at += size;
  }
  return sources;
}

/**
 * Where the children's blocks must go, so that they stand in the order in which `Object.keys` gives their keys;
 * undefined when they stand so already.
 */
export function orderOf({ map, node, children }: Mapping): number[] | undefined {
  if (children === undefined) return undefined;
  const places = new Map(children.map((child) => [child.key, child.at]));
  const order = Object.keys(map).map((key) => places.get(key) ?? node);
  const isSorted = order.every((at, index) => index === 0 || at > (order[index - 1] ?? 0));
  return isSorted && places.size === children.length ? undefined : order;
}

/** The children that a mapping has so far, while their blocks still follow one another in the order of its keys. */
export function childrenOf({ map, node }: Mapping, nodes: OffsetBuffer): Child[] {
  let at = node + WIDTH;
  return Object.keys(map).map((key) => {
    const child = { key, at };
    at = nodes.after(at);
    return child;
  });
}

function define(map: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
