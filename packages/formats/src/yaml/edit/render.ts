import { canonicalJson, isObject, type Json } from '@bulwark/core';
import type { Layout } from './layout.ts';

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

/** How blocks are written: how lines end, and the columns of one more level. */
export interface BlockStyle extends Layout {
  readonly newLine: string;
}

/** `key: value` in block style, all lines but the first indented for a key that stands in a column. */
export function entryInBlock(key: string, value: Json, column: number, style: BlockStyle): string {
  return `${text(key)}:${valueInBlock(value, column, style)}`;
}

/** A list's item in block style behind its dash, all lines but the first indented for a column. */
export function itemInBlock(value: Json, column: number, style: BlockStyle): string {
  return isObject(value) && Object.keys(value).length > 0
    ? entriesInBlock(value, column, style)
    : inFlow(value, false);
}

/** The entries of a mapping below each other; the first stands where the text is put. */
export function entriesInBlock(
  value: { readonly [key: string]: Json | undefined },
  column: number,
  style: BlockStyle,
): string {
  return Object.entries(value)
    .map(([key, item]) => entryInBlock(key, item ?? null, column, style))
    .join(style.newLine + ' '.repeat(column));
}

function valueInBlock(value: Json, column: number, style: BlockStyle): string {
  const below = (columns: number): string => style.newLine + ' '.repeat(column + columns);
  if (Array.isArray(value) && value.length > 0)
    return value
      .map((item) => `${below(style.dash)}- ${itemInBlock(item, column + style.dash + '- '.length, style)}`)
      .join('');
  if (isObject(value) && Object.keys(value).length > 0)
    return below(style.step) + entriesInBlock(value, column + style.step, style);
  return ` ${inFlow(value, false)}`;
}
