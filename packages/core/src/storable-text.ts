import { isObject, type Json } from './json.ts';

/** A text as a database keeps it: U+0000 and half surrogate pairs, which PostgreSQL takes in none, are U+FFFD. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

/** A value with every text in it, and every key, as a database keeps it; of keys that become one the last counts. */
export function storable(value: Json): Json {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map((item: Json) => storable(item ?? null));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [[storableText(key), storable(item)] as const],
  );
  return Object.fromEntries(kept);
}
