import { type Edit, isObject, type Json, type Path } from '@bulwark/core';
import { CannotSplice } from './cannot-splice.ts';
import type { SourceNode } from './source-node.ts';

type Mapping = Record<string, Json>;

/** Edits, brought together by the place in the text where they are made. */
export interface Changes {
  /** Nodes whose value is written anew. */
  readonly replaced: Map<SourceNode, Json>;
  /** Entries that mappings get. */
  readonly inserted: Map<SourceNode, Mapping>;
  /** Items that lists get at their end. */
  readonly appended: Map<SourceNode, Json[]>;
  /** Nodes that go, by what they are in. */
  readonly removed: Map<SourceNode, Set<SourceNode>>;
  /** New lists that grow item by item; one that an edit sets as a whole does not. */
  readonly growing: WeakSet<readonly Json[]>;
}

/**
 * Sorts edits by where they are made, so that several that need the same new mapping make it once.
 *
 * @throws CannotSplice when an edit leads nowhere, or two want different things of one place.
 */
export function changesOf(root: SourceNode, edits: readonly Edit[]): Changes {
  const changes: Changes = {
    replaced: new Map(),
    inserted: new Map(),
    appended: new Map(),
    removed: new Map(),
    growing: new WeakSet(),
  };
  for (const edit of edits) addEdit(changes, root, edit);
  requireApart(changes);
  return changes;
}

/** Makes sure that nothing changes inside of what is written anew. */
function requireApart({ replaced, inserted, appended, removed }: Changes): void {
  const around = [...replaced.keys()].flatMap(({ parent }) => parent ?? []);
  for (const node of [...inserted.keys(), ...appended.keys(), ...removed.keys(), ...around])
    for (let at: SourceNode | undefined = node; at !== undefined; at = at.parent)
      if (replaced.has(at)) throw new CannotSplice('two edits want different values of one field');
}

function addEdit(changes: Changes, root: SourceNode, edit: Edit): void {
  const { node, rest } = deepest(root, edit.path);
  if (edit.op === 'remove') {
    if (rest.length > 0) return;
    if (node.parent === undefined) throw new CannotSplice('the whole object cannot be removed');
    const siblings = changes.removed.get(node.parent) ?? new Set();
    changes.removed.set(node.parent, siblings.add(node));
    return;
  }
  const isNull = node.value === null || node.value === undefined;
  if (rest.length === 0 && edit.op === 'append' && Array.isArray(node.value)) {
    const list: readonly Json[] = node.value;
    if (list.some((item) => isSame(item, edit.value))) return;
    const items = changes.appended.get(node) ?? [];
    if (!items.some((item) => isSame(item, edit.value))) items.push(edit.value);
    changes.appended.set(node, items);
  } else if (rest.length === 0) replace(changes, node, newValue(changes, edit));
  else if (isNull)
    replace(changes, node, merge(changes, changes.replaced.get(node), nested(rest, newValue(changes, edit))));
  else if (isObject(node.value))
    changes.inserted.set(
      node,
      merge(changes, changes.inserted.get(node), nested(rest, newValue(changes, edit))) as Mapping,
    );
  else throw new CannotSplice('there is no mapping to write into');
}

function replace({ replaced }: Changes, node: SourceNode, value: Json): void {
  const known = replaced.get(node);
  if (known !== undefined && !isObject(known) && !isSame(known, value))
    throw new CannotSplice('two edits want different values of one field');
  replaced.set(node, value);
}

/** The deepest node that exists on a path, and what of the path is left. */
function deepest(root: SourceNode, path: Path): { readonly node: SourceNode; readonly rest: Path } {
  let node = root;
  for (const [index, part] of path.entries()) {
    const child = node.child(part);
    if (child === undefined) return { node, rest: path.slice(index) };
    node = child;
  }
  return { node, rest: [] };
}

function newValue({ growing }: Changes, { op, value }: Exclude<Edit, { op: 'remove' }>): Json {
  if (op === 'set') return value;
  const list = [value];
  growing.add(list);
  return list;
}

function nested(rest: Path, value: Json): Json {
  return rest.reduceRight<Json>((inner, part) => {
    if (typeof part === 'number') throw new CannotSplice('there is no such item in the list');
    return { [part]: inner };
  }, value);
}

function merge(changes: Changes, a: Json | undefined, b: Json): Json {
  if (a === undefined) return b;
  if (isObject(a) && isObject(b)) {
    const merged: Mapping = { ...a } as Mapping;
    for (const [key, value] of Object.entries(b)) merged[key] = merge(changes, merged[key], value ?? null);
    return merged;
  }
  if (isSame(a, b)) return a;
  const { growing } = changes;
  if (Array.isArray(a) && Array.isArray(b) && growing.has(a) && growing.has(b)) {
    const list: readonly Json[] = [...a, ...b.filter((item) => !a.some((other) => isSame(other, item)))];
    growing.add(list);
    return list;
  }
  throw new CannotSplice('two edits want different values of one field');
}

function isSame(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
