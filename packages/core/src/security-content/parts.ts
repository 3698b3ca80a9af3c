import { isObject, type Json, type JsonObject } from '../json.ts';

/** An object in two halves that have no field in common. */
export interface Parts {
  readonly body: JsonObject;
  readonly instance: JsonObject;
}

/** Two objects merged; where both have a value that is not an object, the second's stays. */
export function mergeJson(a: JsonObject, b: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const known = Object.hasOwn(merged, key) ? merged[key] : undefined;
    setField(merged, key, isObject(known) && isObject(value) ? mergeJson(known, value) : value);
  }
  return merged;
}

/** Sets an own property, whatever it is called. */
export function setField(
  object: Record<string, Json | undefined>,
  key: string,
  value: Json | undefined,
): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** An object without some of its fields, and those fields; undefined for a half that is empty. */
export function splitFields(
  object: JsonObject,
  isOwn: (key: string) => boolean,
): { rest: JsonObject | undefined; own: JsonObject | undefined } {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  const half = (wanted: boolean): JsonObject | undefined => {
    const found = entries.filter(([key]) => isOwn(key) === wanted);
    return found.length === 0 ? undefined : Object.fromEntries(found);
  };
  return { rest: half(false), own: half(true) };
}

/** Some fields of an object, those that it has. */
export function pick(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(
    fields
      .filter((field) => Object.hasOwn(object, field) && object[field] !== undefined)
      .map((field) => [field, object[field]]),
  );
}

/** Moves fields of an object inside the body, if it is one, to the same place in the instance. */
export function moveToInstance(
  parts: Parts,
  path: readonly string[],
  isOwn: (key: string) => boolean,
): Parts {
  const [first, ...rest] = path;
  if (first === undefined) return moveFields(parts, isOwn);
  const inBody = parts.body[first];
  if (!isObject(inBody)) return parts;
  const inInstance = parts.instance[first];
  const inner = { body: inBody, instance: isObject(inInstance) ? inInstance : {} };
  const moved = moveToInstance(inner, rest, isOwn);
  if (moved === inner) return parts;
  return {
    body: { ...parts.body, [first]: moved.body },
    instance: { ...parts.instance, [first]: moved.instance },
  };
}

function moveFields(parts: Parts, isOwn: (key: string) => boolean): Parts {
  const { rest, own } = splitFields(parts.body, isOwn);
  return own === undefined ? parts : { body: rest ?? {}, instance: { ...parts.instance, ...own } };
}
