import { canonicalJson, isObject, type Json } from '@bulwark/core';

/** Plain scalars that no reader takes for anything but text, whatever its version of YAML. */
const PLAIN = /^[A-Za-z/][\w./@+-]*$/;
const NOT_TEXT = /^(true|false|yes|no|on|off|y|n|null|nan|inf)$/i;

function text(value: string): string {
  return PLAIN.test(value) && !NOT_TEXT.test(value) ? value : JSON.stringify(value);
}

/** A value on one line: flow style, or JSON where the file is JSON. */
export function inFlow(value: Json, isJson: boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => inFlow(item, isJson)).join(', ')}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).map(
      ([key, item]) => `${isJson ? JSON.stringify(key) : text(key)}: ${inFlow(item ?? null, isJson)}`,
    );
    return `{${entries.join(', ')}}`;
  }
  if (typeof value === 'string') return isJson ? JSON.stringify(value) : text(value);
  return canonicalJson(value);
}

/** How blocks are written: the line end of the file, and the columns of one more level. */
export interface BlockStyle {
  readonly newLine: string;
  readonly step: number;
}

/** `key: value` in block style, all lines but the first indented for a key that stands in a column. */
export function entryInBlock(key: string, value: Json, column: number, style: BlockStyle): string {
  return `${text(key)}:${valueInBlock(value, column, style)}`;
}

/** A list's item in block style, all lines but the first indented for a dash that stands in a column. */
export function itemInBlock(value: Json, column: number, style: BlockStyle): string {
  if (!isObject(value) || Object.keys(value).length === 0) return `- ${inFlow(value, false)}`;
  return `- ${entriesInBlock(value, column + 2, style)}`;
}

/** The entries of a mapping below each other; the first stands where the text is put. */
function entriesInBlock(
  value: { readonly [key: string]: Json | undefined },
  column: number,
  style: BlockStyle,
): string {
  return Object.entries(value)
    .map(([key, item]) => entryInBlock(key, item ?? null, column, style))
    .join(style.newLine + ' '.repeat(column));
}

function valueInBlock(value: Json, column: number, style: BlockStyle): string {
  const inner = column + style.step;
  const before = style.newLine + ' '.repeat(inner);
  if (Array.isArray(value) && value.length > 0)
    return value.map((item) => before + itemInBlock(item, inner, style)).join('');
  if (isObject(value) && Object.keys(value).length > 0) return before + entriesInBlock(value, inner, style);
  return ` ${inFlow(value, false)}`;
}
