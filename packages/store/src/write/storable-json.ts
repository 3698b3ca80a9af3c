/** An escape as `JSON.stringify` writes it; of surrogates it escapes only those that stand alone. */
const ESCAPE = /\\(u0000|ud[89a-f][0-9a-f]{2}|.)/g;

/**
 * JSON that PostgreSQL takes: U+0000 and half surrogate pairs, which it keeps in no text, become U+FFFD. Whoever may
 * write one annotation could else keep everything beside it from being stored.
 */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Most texts are large and have none of them; backslashes they have very many.
  if (!text.includes('\\u0000') && !text.includes('\\ud')) return text;
  return text.replace(ESCAPE, (whole, code: string) => (code.length > 1 ? '\\ufffd' : whole));
}
