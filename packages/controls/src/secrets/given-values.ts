import {
  arrayAt,
  decodeBase64,
  get,
  type Json,
  type JsonObject,
  objectAt,
  type Path,
  stringAt,
} from '@bulwark/core';

/** A value under the name that somebody gave it. */
export interface GivenValue {
  readonly path: Path;
  readonly name: string;
  readonly value: Json | undefined;
}

/** What a manifest of a Secret gives each key: `stringData` as written, `data` decoded; undefined where it is no base64. */
export function* valuesOfSecret(object: JsonObject): Generator<GivenValue> {
  for (const [name, value] of Object.entries(objectAt(object, 'stringData') ?? {}))
    yield { path: ['stringData', name], name, value };
  for (const [name, value] of Object.entries(objectAt(object, 'data') ?? {}))
    if (typeof value === 'string') yield { path: ['data', name], name, value: decodeBase64(value.trim()) };
}

/** What a container gives each variable as a literal. */
export function* valuesOfEnv(container: JsonObject): Generator<GivenValue> {
  for (const [index, entry] of (arrayAt(container, 'env') ?? []).entries()) {
    const name = stringAt(entry, 'name');
    if (name !== undefined) yield { path: ['env', index, 'value'], name, value: get(entry, 'value') };
  }
}
