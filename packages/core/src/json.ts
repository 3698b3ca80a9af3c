/** A value of a manifest. Integers outside the safe range are bigint, so that they stay exact. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;

/** A mapping of a manifest. Own properties only: a key may be called `__proto__` or `constructor`. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Whether a value is a mapping: neither a list nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value below a mapping by keys and list indexes; undefined where it is missing. */
export function get(value: unknown, ...path: readonly (string | number)[]): Json | undefined {
  let current = value;
  for (const part of path) {
    if (typeof part === 'number') current = Array.isArray(current) ? current[part] : undefined;
    else current = isObject(current) && Object.hasOwn(current, part) ? current[part] : undefined;
  }
  return current as Json | undefined;
}

/** The text at a path; undefined where it is missing or something else. */
export function stringAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = get(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The mapping at a path; undefined where it is missing or something else. */
export function objectAt(value: unknown, ...path: readonly (string | number)[]): JsonObject | undefined {
  const found = get(value, ...path);
  return isObject(found) ? found : undefined;
}

/** The list at a path; undefined where it is missing or something else. */
export function arrayAt(value: unknown, ...path: readonly (string | number)[]): readonly Json[] | undefined {
  const found = get(value, ...path);
  return Array.isArray(found) ? found : undefined;
}

/** Whether two values are equal, whatever the order of keys; numbers of both kinds by their amount. */
export function isSameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isSameJson(item, b[index]));
  if (isNumber(a) && isNumber(b)) return String(a) === String(b);
  if (!isObject(a)) return (a ?? null) === (b ?? null);
  if (!isObject(b)) return false;
  const keys = Object.keys(a).filter((key) => a[key] !== undefined);
  if (keys.length !== Object.keys(b).filter((key) => b[key] !== undefined).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isSameJson(a[key], b[key]));
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** JSON with sorted keys and without white space: equal values give equal text. Bigints are printed as integers. */
export function canonicalJson(value: Json | undefined): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}
