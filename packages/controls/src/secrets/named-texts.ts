import { isMapped, isObject, type Json, nameWithin, type Path } from '@bulwark/core';
import { formatsOf, linesOf, secretsIn } from './found-secrets.ts';

/** A text somewhere in a value, and what it is called there. */
export interface NamedText {
  /** To the text, or to the list that holds it: a list's item must not be named by its content. */
  readonly path: Path;
  readonly name: string | undefined;
  readonly text: string;
}

/** Deeper values are no configuration that anybody wrote. */
const MAX_DEPTH = 30;

/**
 * Every text of a value. Its name is its key, that of the list it stands in, or, as for variables and parameters, the `name`
 * beside a `value` or `default`: the same names that redaction goes by, so that what is found here is never part of a fingerprint.
 */
export function* namedTexts(value: Json | undefined, path: Path = [], name?: string): Generator<NamedText> {
  if (typeof value === 'string') yield { path, name, text: value };
  else if (path.length > MAX_DEPTH) return;
  else if (Array.isArray(value))
    for (const [index, item] of value.entries())
      yield* namedTexts(item, typeof item === 'string' ? path : [...path, index], name);
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) {
      const own = isMapped(name, key, item) ? name : nameWithin(value, key, name);
      if (typeof item === 'string' || (typeof item === 'object' && item !== null))
        yield* namedTexts(item, [...path, key], own);
    }
}

/** A text with secrets in it, as it may be told. */
export interface TextSecret {
  readonly path: Path;
  readonly formats: readonly string[];
  readonly lines: string;
}

const OBJECT_NAME = /^[a-z0-9]+(?:[-.][a-z0-9]+)+$/;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Whether a text is likely the name of a Secret: `token: api-token-v2`. No one calls a password that. */
function isObjectName({ name = '', text }: NamedText): boolean {
  return OBJECT_NAME.test(text) && !UUID.test(text) && !/pass|pwd/i.test(name);
}

/** The secrets among the texts of a value. */
export function* textSecrets(value: Json | undefined, doubtful: boolean): Generator<TextSecret & NamedText> {
  for (const named of namedTexts(value)) {
    const found = secretsIn(isObjectName(named) ? undefined : named.name, named.text, doubtful);
    if (found.length > 0) yield { ...named, formats: formatsOf(found), lines: linesOf(named.text, found) };
  }
}
