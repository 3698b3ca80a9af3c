import { escapeCharacters } from './escape-characters.ts';

/**
 * What a spreadsheet would take for a formula: at the beginning of a cell, and within one where it splits lines at semicolons or
 * tabs, as it does in some countries. Our quotes stand within its cells then, and hold nothing together. Where a line begins a build
 * server would obey `::command::` as well.
 */
const FORMULA = /^(?=[=+\-@\t\r])|(?<=[;\t\r\n])(?="*[=+\-@])|(?<=^|[\r\n])(?=[ \t]*::[A-Za-z])/g;

/**
 * What a terminal would obey or show in another place, such as ESC and marks that turn the direction of text. Tabs, ends of lines and
 * what joins letters are data.
 */
const CONTROL = /\r(?!\n)|[^\P{Cc}\t\n\r]|[\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A line of CSV (RFC 4180), with its end. What a spreadsheet would take for a formula is shown as text, and what a terminal would
 * obey is written out, such as `\x1b`.
 *
 * @param cells null for what has no value.
 */
export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const safe = escapeCharacters(value, CONTROL).replaceAll(FORMULA, "'");
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
