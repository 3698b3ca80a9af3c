/**
 * What a spreadsheet would take for a formula: at the beginning of a cell, and within one where it splits lines at semicolons or
 * tabs, as it does in some countries. Our quotes stand within its cells then, and hold nothing together.
 */
const FORMULA = /^(?=[=+\-@\t\r])|(?<=[;\t\r\n])(?="*[=+\-@])/g;

/**
 * A line of CSV (RFC 4180), with its end. What a spreadsheet would take for a formula is shown as text.
 *
 * @param cells null for what has no value.
 */
export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const safe = value.replaceAll(FORMULA, "'");
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
