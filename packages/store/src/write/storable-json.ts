/** An escape as `JSON.stringify` writes it; of surrogates it escapes only those that stand alone. */
const ESCAPE = /\\(u0000|ud[89a-f][0-9a-f]{2}|.)/g;

/**
 * JSON that PostgreSQL takes: U+0000 and half surrogate pairs, which it keeps in no text, become U+FFFD. Whoever may
 * write one annotation could else keep everything beside it from being stored.
 */
export function storableJson(value: unknown): string {
  return JSON.stringify(value).replace(ESCAPE, (whole, code: string) =>
    code.length > 1 ? '\\ufffd' : whole,
  );
}

/** A text as it is stored after that. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
