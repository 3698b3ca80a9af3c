import { isObject, type Json } from './json.ts';
import { detectSecrets } from './secret-rules.ts';

const REDACTED = '[redacted]';

/** A copy of a value in which every text that holds a secret, by name or by form, is replaced. */
export function redactDeep(value: unknown): Json {
  return redact(value as Json, undefined);
}

function redact(value: Json | undefined, name: string | undefined): Json {
  if (typeof value === 'string') return detectSecrets(name, value).length > 0 ? REDACTED : value;
  if (Array.isArray(value)) return value.map((item) => redact(item, name));
  if (!isObject(value)) return value ?? null;
  const own = typeof value['name'] === 'string' ? value['name'] : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, redact(item, key === 'value' ? own : key)]),
  );
}
