import { hash128 } from './hash.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { storableText } from './storable-text.ts';

/** What Kubernetes takes for most names; names of roles, of steps of custom resources and of owners may have any length. */
const LONGEST_NAME = 253;
const KEPT = 200;

/**
 * A name as it is kept: one of more than 253 letters is its first 200, an ellipsis and what tells it from others (33 letters); U+0000
 * and half surrogate pairs are U+FFFD. Databases take no name of any length into an index, nor every letter, and whoever may write
 * one object could else keep everything beside it from being stored.
 */
export function shortName(name: string): string {
  if (name.length > LONGEST_NAME) return `${storableText(name.slice(0, KEPT))}…${hash128(name)}`;
  return storableText(name);
}

/**
 * An object with short names, its own and those by which it names others, so that they still fit together; the same object where
 * none is long. What people keep in it under names of their choice stays as it is. Cost: one pass.
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
  return typeof value !== 'object' || OWN_KEYS.has(key) ? value : shortened(value);
}

function changed(before: readonly Json[], after: readonly (Json | undefined)[]): readonly Json[] {
  return after.some((item, index) => item !== before[index]) ? (after as readonly Json[]) : before;
}
