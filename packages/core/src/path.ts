import { hash128 } from './hash.ts';
import { canonicalJson, isObject } from './json.ts';
import { truncatedSha256 } from './sha256.ts';

/** Keys and list indexes from an object's root, such as `['spec', 'containers', 0, 'image']`. */
export type Path = readonly (string | number)[];

/** A path below a known place: dotted (`'securityContext.privileged'`), or in parts where a key has dots. */
export type PathLike = string | Path;

const SPLIT = new Map<string, Path>();

/** The parts of a dotted path; parts that are all digits become list indexes. Dotted paths come from code, so they are cached. */
export function toPath(path: PathLike): Path {
  if (typeof path !== 'string') return path;
  let parts = SPLIT.get(path);
  if (parts === undefined) {
    parts = path === '' ? [] : path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    SPLIT.set(path, parts);
  }
  return parts;
}

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;

function printKey(key: string, isFirst: boolean): string {
  if (!PLAIN_KEY.test(key)) return `[${JSON.stringify(key)}]`;
  return isFirst ? key : `.${key}`;
}

function step(value: unknown, part: string | number): unknown {
  if (typeof part === 'number') return Array.isArray(value) ? value[part] : undefined;
  return isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}

/** The value at a path, or undefined where the path leaves the object. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) value = step(value, part);
  return value;
}

function itemName(item: unknown): string | undefined {
  const name = isObject(item) && Object.hasOwn(item, 'name') ? item['name'] : undefined;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/**
 * A path for people: list items by name where they have one, else by index: `spec.containers[app].image`.
 *
 * @param before the printed path of `root` itself, where it lies in something else.
 */
export function formatPath(root: unknown, path: Path, before = ''): string {
  return printPath(root, path, nameOrIndex, before);
}

function nameOrIndex(item: unknown, index: number): string {
  return itemName(item) ?? String(index);
}

type Redact = (item: unknown) => unknown;

/**
 * A path that survives reordering: list items by name, unnamed ones by 128 bits of SHA-256 of their content.
 *
 * @param redact replaces a value before it is hashed, so that no secret reaches a fingerprint.
 * @param before the printed path of `root` itself, where it lies in something else.
 */
export function semanticPath(root: unknown, path: Path, redact: Redact, before = ''): string {
  const nameOf = (item: unknown): string => {
    const name = itemName(item);
    if (name === undefined) return `#${truncatedSha256(contentOf(item, redact))}`;
    // A name must not look like another path, or like the hash of an item that has none.
    return /[[\]"#]/.test(name) ? JSON.stringify(name) : name;
  };
  return printPath(root, path, nameOf, before);
}

/** The same as version 1 of the fingerprint has it: by 48 bits that anybody can meet on purpose. */
export function formerPath(root: unknown, path: Path, redact: Redact, before = ''): string {
  const name = (item: unknown): string =>
    itemName(item) ?? `#${hash128(contentOf(item, redact)).slice(0, 12)}`;
  return printPath(root, path, name, before);
}

/** Whether version 1 of the fingerprint may have another path than the one that survives reordering by now. */
export function wasOtherPath(path: string): boolean {
  return /\[[#"]/.test(path);
}

function contentOf(item: unknown, redact: Redact): string {
  return canonicalJson(redact(item) as never);
}

type Naming = (item: unknown, index: number) => string;

function printPath(root: unknown, path: Path, name: Naming, before: string): string {
  let value = root;
  let text = before;
  for (const part of path) {
    value = step(value, part);
    text += typeof part === 'number' ? `[${name(value, part)}]` : printKey(part, text === '');
  }
  return text;
}
