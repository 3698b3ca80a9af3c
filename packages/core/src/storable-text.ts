/** A text as a database keeps it: U+0000 and half surrogate pairs, which PostgreSQL takes in none, are U+FFFD. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
