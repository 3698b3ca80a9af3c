import { isObject, type Json, type JsonObject } from './json.ts';
import { sha256 } from './sha256.ts';
import { storableText } from './storable-text.ts';

/** What Kubernetes takes for most names; names of roles, of steps of custom resources and of owners may have any length and letters. */
const LONGEST_NAME = 253;
const KEPT = 180;
const HASH_DIGITS = 64;

/**
 * A name as it is kept: one of more than 253 letters, or with U+0000 or half a surrogate pair, is its first 180 letters, these as
 * U+FFFD, an ellipsis and the hash of all of it. Databases take no name of any length into an index, nor every letter, and whoever
 * may write one object could else keep everything beside it from being stored.
 *
 * No two names have the same: one that is none of that and looks as if it were is kept so, too, and two of one hash cannot be made.
 * Whoever may write two objects could else hide one behind the other. So a short name is not to be made short again.
 */
export function shortName(name: string): string {
  const isKept = name.length <= LONGEST_NAME && storableText(name) === name && !looksShort(name);
  return isKept ? name : `${storableText(name.slice(0, KEPT))}…${sha256(name)}`;
}

function looksShort(name: string): boolean {
  return name.charAt(name.length - HASH_DIGITS - 1) === '…';
}

/**
 * An object with short names, its own and those by which it names others, so that they still fit together; the same object where
 * all are kept as they are. What people keep in it under names of their choice stays as it is. Cost: one pass.
 */
export function withShortNames(object: JsonObject): JsonObject {
  return shortened(object) as JsonObject;
}

/** Fields that name something, wherever they stand. */
const NAMING: ReadonlySet<string> = new Set([
  'name',
  'generateName',
  'namespace',
  'kind',
  'apiVersion',
  'apiGroup',
]);
/** Fields of which the keys are people's own. */
const OWN_KEYS: ReadonlySet<string> = new Set(['data', 'stringData', 'binaryData', 'annotations', 'labels']);

function shortened(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return changed(value, value.map(shortened));
  if (!isObject(value)) return value;
  let copy: Record<string, Json | undefined> | undefined;
  for (const key in value) {
    const before = value[key];
    const after = inField(key, before);
    if (after === before) continue;
    copy ??= { ...value };
    copy[key] = after;
  }
  return copy ?? value;
}

function inField(key: string, value: Json | undefined): Json | undefined {
  if (typeof value === 'string') return NAMING.has(key) ? shortName(value) : value;
  if (key === 'resourceNames' && Array.isArray(value))
    return changed(
      value,
      value.map((item) => (typeof item === 'string' ? shortName(item) : item)),
    );
  return typeof value !== 'object' || OWN_KEYS.has(key) ? value : shortened(value);
}

function changed(before: readonly Json[], after: readonly (Json | undefined)[]): readonly Json[] {
  return after.some((item, index) => item !== before[index]) ? (after as readonly Json[]) : before;
}
