import { printDuration, printMilliseconds, printPeriod } from './moments.ts';
import type { FieldTerm, Query, QueryValue, TextPattern } from './query.ts';

/** The text of a query that `parseQuery` gave: the same query when it is read again with the same fields. */
export function printQuery(query: Query): string {
  switch (query.op) {
    case 'or':
      return query.items.map(printQuery).join(' OR ');
    case 'and':
      return query.items.map(grouped).join(' ');
    case 'not':
      return `-${query.item.op === 'and' ? `(${printQuery(query.item)})` : grouped(query.item)}`;
    case 'field':
      return printTerm(query);
    case 'text':
      return isKeyword(query.parts) ? quoted(query.parts[0] ?? '') : printParts(query.parts, PLAIN_TEXT);
  }
}

function grouped(query: Query): string {
  return query.op === 'or' ? `(${printQuery(query)})` : printQuery(query);
}

function printTerm({ field, compare, values }: FieldTerm): string {
  return `${field}:${compare === '=' ? '' : compare}${values.map(printValue).join(',')}`;
}

function printValue(value: QueryValue): string {
  switch (value.type) {
    case 'none':
      return 'none';
    case 'text':
      return printText(value.parts);
    case 'enum':
      return printParts([value.value], PLAIN_VALUE);
    case 'boolean':
      return value.value ? 'yes' : 'no';
    case 'number':
      return String(value.value);
    case 'time':
      return printPeriod(value);
    case 'relative':
      return printRelative(value.milliseconds);
    case 'duration':
      return printDuration(value);
  }
}

function printRelative(milliseconds: number): string {
  if (milliseconds === 0) return 'now';
  return `now${milliseconds < 0 ? '-' : '+'}${printMilliseconds(Math.abs(milliseconds))}`;
}

/** A text as the value of a field: quoted where it would mean something else. */
export function printText(parts: TextPattern): string {
  return isNone(parts) ? quoted(parts[0] ?? '') : printParts(parts, PLAIN_VALUE);
}

/** What needs no quotes as a text; a colon or a comparison would make it a field. */
const PLAIN_TEXT = /^[\p{L}\p{N}_./@+~$%&#,][\p{L}\p{N}_./@+~$%&#,-]*$/u;
/** What needs no quotes after a colon. */
const PLAIN_VALUE = /^[\p{L}\p{N}_./@+~$%&#-][\p{L}\p{N}_./@+~$%&#:=-]*$/u;

function printParts(parts: TextPattern, plain: RegExp): string {
  if (parts.length === 1 && parts[0] === '') return '""';
  return parts.map((part) => (part === '' || plain.test(part) ? part : quoted(part))).join('*');
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, (char) => `\\${char}`)}"`;
}

function isKeyword([only = '', ...more]: TextPattern): boolean {
  return more.length === 0 && /^(?:AND|OR|NOT)$/.test(only);
}

function isNone([only = '', ...more]: TextPattern): boolean {
  return more.length === 0 && only.toLowerCase() === 'none';
}
