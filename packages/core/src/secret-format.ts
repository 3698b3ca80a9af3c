import { isPlainValue, placeholderOf, readsAsName } from './secret-values.ts';

/** How sure a match is. `low` also stands for what looks like an example. */
export type SecretConfidence = 'high' | 'medium' | 'low';

/** A secret found in a value; never the secret itself. Offsets are UTF-16 code units, `end` exclusive. */
export interface SecretMatch {
  readonly rule: string;
  readonly confidence: SecretConfidence;
  readonly start: number;
  readonly end: number;
}

/** A form that secrets of one kind have. The pattern's group `secret`, else all of it, is the secret. */
export interface Format {
  readonly rule: string;
  /** Text that every match contains: looked for first, because it is far cheaper. */
  readonly hint: string;
  /** Global, with indices. Every repetition is bounded or starts at a boundary, so that it takes linear time. */
  readonly pattern: RegExp;
  /** Of a secret; undefined when it is none after all. `high` when absent. */
  readonly confidence?: (secret: string) => SecretConfidence | undefined;
}

/** Sure, unless a text stands for a secret or is an example of one. */
export function whenNoExample(secret: string): SecretConfidence | undefined {
  const placeholder = placeholderOf(secret);
  if (placeholder === 'reference') return undefined;
  return placeholder === 'example' ? 'low' : 'high';
}

/** Of what follows the flag or the setting for a password, which people may also have written about. */
export function typed(password: string): SecretConfidence | undefined {
  const placeholder = isPlainValue(password) ? 'reference' : placeholderOf(password);
  if (placeholder === 'reference') return undefined;
  return placeholder === 'example' || readsAsName(password) ? 'low' : 'medium';
}
