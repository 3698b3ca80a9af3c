import type { Violation } from './control.ts';
import { canonicalJson, get, isObject, type Json, type JsonObject } from './json.ts';
import { type Path, type PathLike, toPath, valueAt } from './path.ts';
import type { Resource } from './resource.ts';

/**
 * A change of one field. `set` and `append` make the mappings and the list on their way; `append` adds an item that the
 * list does not have yet. Where everything in a list goes, `last` goes instead: a list that must not be empty.
 */
export type Edit =
  | { readonly op: 'set'; readonly path: Path; readonly value: Json }
  | { readonly op: 'append'; readonly path: Path; readonly value: Json }
  | { readonly op: 'remove'; readonly path: Path; readonly last?: Path };

/** `safe`: nothing that worked stops working. `may break`: something could, and `why` says what. */
export interface Risk {
  readonly grade: 'safe' | 'may break';
  readonly why: string;
}

/** How the remedy of a control is made as edits of the object. */
export interface Fix extends Risk {
  /** Pure. The edits that mend one violation; none where this one cannot be mended by an edit. */
  readonly edits: (violation: Violation, resource: Resource) => readonly Edit[];
}

/** A change after which everything works as before. */
export function safe(why: string): Risk {
  return { grade: 'safe', why };
}

/** A change that somebody has to think about. */
export function mayBreak(why: string): Risk {
  return { grade: 'may break', why };
}

/** Sets the field at the violation, or at a path below it. */
export function setValue(value: Json, risk: Risk, below: PathLike = []): Fix {
  return { ...risk, edits: ({ path }) => [{ op: 'set', path: [...path, ...toPath(below)], value }] };
}

/** Removes the field or list item at the violation. */
export function removeField(risk: Risk): Fix {
  return { ...risk, edits: ({ path }) => [{ op: 'remove', path }] };
}

/** The edits of a control for one violation; none where the object has no place for one of them. */
export function editsFor(fix: Fix, violation: Violation, resource: Resource): readonly Edit[] {
  const edits = fix.edits(violation, resource);
  return edits.every((edit) => hasPlaceFor(edit, resource.object)) ? edits : [];
}

function hasPlaceFor({ op, path }: Edit, object: JsonObject): boolean {
  let value: Json | undefined = object;
  for (const part of path) {
    if (typeof part === 'number') {
      if (!Array.isArray(value) || part >= value.length) return false;
    } else if (value !== undefined && value !== null && !isObject(value)) return false;
    value = get(value, part);
  }
  if (op === 'append') return value === undefined || value === null || Array.isArray(value);
  return op === 'set' || value !== undefined;
}

/**
 * An object with edits applied; the given one stays as it is. All paths are those of the given object, so list items
 * are removed last to first, and one that several edits remove goes once.
 *
 * @throws Error when an edit leads through a value that is neither a mapping nor a list item that exists.
 */
export function applyEdits(object: JsonObject, edits: readonly Edit[]): JsonObject {
  const settled = settleRemovals(object, edits);
  const order = [
    ...settled.filter(({ op }) => op !== 'remove'),
    ...settled.filter(({ op }) => op === 'remove').toSorted((a, b) => compareIndexes(b.path, a.path)),
  ];
  let result: Json = object;
  for (const edit of order) result = edited(result, edit.path, edit);
  return result as JsonObject;
}

type Removal = Extract<Edit, { readonly op: 'remove' }>;

/** Edits in which everything is removed once, and `last` where nothing would be left. */
export function settleRemovals(object: unknown, edits: readonly Edit[]): Edit[] {
  const removals = new Map<string, Removal>();
  for (const edit of edits) if (edit.op === 'remove') removals.set(JSON.stringify(edit.path), edit);
  const gone = new Map<string, number>();
  for (const { path } of removals.values()) {
    const list = JSON.stringify(path.slice(0, -1));
    gone.set(list, (gone.get(list) ?? 0) + 1);
  }
  const settled = new Map<string, Removal>();
  for (const { path, last } of removals.values()) {
    const list = path.slice(0, -1);
    const items = valueAt(object, list);
    const isEmptied = Array.isArray(items) && items.length === gone.get(JSON.stringify(list));
    const target = isEmptied && last !== undefined ? last : path;
    settled.set(JSON.stringify(target), { op: 'remove', path: target });
  }
  return [...edits.filter(({ op }) => op !== 'remove'), ...settled.values()];
}

function compareIndexes(a: Path, b: Path): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (typeof part === 'number' && typeof other === 'number' && part !== other) return part - other;
  }
  return a.length - b.length;
}

function edited(value: Json | undefined, path: Path, edit: Edit): Json {
  const [part, ...rest] = path;
  if (part === undefined) return atEnd(value, edit);
  if (typeof part === 'number') {
    if (!Array.isArray(value) || part >= value.length) throw new Error(`no list item ${part} to edit`);
    if (rest.length === 0 && edit.op === 'remove') return value.toSpliced(part, 1);
    return value.with(part, edited(value[part], rest, edit));
  }
  if (value !== undefined && value !== null && !isObject(value)) throw new Error(`no mapping around ${part}`);
  const copy: Record<string, Json | undefined> = { ...value };
  if (rest.length === 0 && edit.op === 'remove') delete copy[part];
  else
    Object.defineProperty(copy, part, {
      value: edited(value?.[part], rest, edit),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return copy;
}

function atEnd(value: Json | undefined, edit: Edit): Json {
  if (edit.op === 'set') return edit.value;
  if (edit.op === 'remove') throw new Error('the whole object cannot be removed');
  if (value === undefined || value === null) return [edit.value];
  if (!Array.isArray(value)) throw new Error('no list to append to');
  const text = canonicalJson(edit.value);
  return value.some((item) => canonicalJson(item) === text) ? value : [...value, edit.value];
}
