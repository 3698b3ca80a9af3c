import { findField, type QueryField } from './field.ts';
import { foldCase } from './fold-case.ts';
import { namesOfKind, saysGroup } from './kind-names.ts';
import type { Comparison, FieldTerm, Query, QueryValue, TextPattern } from './query.ts';

/**
 * What a record has in a field: a moment in milliseconds since 1970, a duration in milliseconds, an enum's value, a kind as a World
 * has it.
 */
export type RecordValue = string | number | boolean | readonly string[] | undefined;

/** What a query is asked about. */
export interface QueryRecord {
  /** The value of a field by its name; undefined, or an empty list, where there is none. */
  readonly value: (field: string) => RecordValue;
  /** What free text is searched in. */
  readonly texts: readonly string[];
}

/** What a query means, beyond its tree. */
export interface QueryContext {
  /** The fields that it was parsed with. */
  readonly fields: readonly QueryField[];
  /** Milliseconds since 1970, for times such as `now-7d`. */
  readonly now: number;
}

/** Whether a record fits a query. A record without a value fits nothing that is asked of the field but `none`. */
export function matchesQuery(query: Query, record: QueryRecord, context: QueryContext): boolean {
  switch (query.op) {
    case 'and':
      return query.items.every((item) => matchesQuery(item, record, context));
    case 'or':
      return query.items.some((item) => matchesQuery(item, record, context));
    case 'not':
      return !matchesQuery(query.item, record, context);
    case 'text':
      return record.texts.some((text) => fitsParts(['', ...query.parts, ''], text));
    case 'field':
      return matchesTerm(query, record, context);
  }
}

function matchesTerm(
  { field, compare, values }: FieldTerm,
  record: QueryRecord,
  context: QueryContext,
): boolean {
  const found = record.value(field);
  const items = typeof found === 'object' ? found : found === undefined ? [] : [found];
  const isKind = findField(context.fields, field)?.isKind === true;
  return values.some((value) => {
    if (value.type === 'none') return items.length === 0;
    if (compare === '=') return items.some((item) => equals(isKind ? kindFor(item, value) : item, value));
    return items.some((item) => compares(amountOf(item, field, context), compare, boundsOf(value, context)));
  });
}

type Item = string | number | boolean;

/** A kind by the one of its names that a value asks for. */
function kindFor(item: Item, value: QueryValue): Item {
  if (typeof item !== 'string' || value.type !== 'text') return item;
  const { alone, withGroup } = namesOfKind(item);
  return saysGroup(value.parts) ? withGroup : alone;
}

function equals(item: Item, value: QueryValue): boolean {
  switch (value.type) {
    case 'text':
      return typeof item === 'string' && fitsParts(value.parts, item);
    case 'time':
      return typeof item === 'number' && item >= value.from && item < value.to;
    case 'duration':
      return typeof item === 'number' && item >= value.milliseconds && item < value.milliseconds + value.unit;
    case 'enum':
    case 'boolean':
    case 'number':
      return item === value.value;
    case 'relative':
    case 'none':
      return false;
  }
}

/** What orders a record's value: NaN, which is less or more than nothing, where it has no order. */
function amountOf(item: Item, field: string, { fields }: QueryContext): number {
  if (typeof item === 'number') return item;
  const rank = findField(fields, field)?.values?.indexOf(String(item)) ?? -1;
  return rank < 0 ? Number.NaN : rank;
}

interface Bounds {
  readonly from: number;
  /** Whatever is less than, or equals, this and is not below `from` counts as equal. */
  readonly to: number;
  /** Whether `to` itself is already more. */
  readonly isOpen: boolean;
}

function boundsOf(value: QueryValue, { now }: QueryContext): Bounds {
  switch (value.type) {
    case 'time':
      return { from: value.from, to: value.to, isOpen: true };
    case 'relative':
      return point(now + value.milliseconds);
    case 'duration':
      return point(value.milliseconds);
    case 'enum':
      return point(value.rank);
    case 'number':
      return point(value.value);
    case 'text':
    case 'boolean':
    case 'none':
      return point(Number.NaN);
  }
}

function point(at: number): Bounds {
  return { from: at, to: at, isOpen: false };
}

function compares(amount: number, compare: Exclude<Comparison, '='>, { from, to, isOpen }: Bounds): boolean {
  switch (compare) {
    case '<':
      return amount < from;
    case '>=':
      return amount >= from;
    case '<=':
      return isOpen ? amount < to : amount <= to;
    case '>':
      return isOpen ? amount >= to : amount > to;
  }
}

/** Whether a whole text is the parts of a pattern, in order, with anything between each two. */
function fitsParts(parts: TextPattern, text: string): boolean {
  const [first = '', ...rest] = parts.map(foldCase);
  const whole = foldCase(text);
  const last = rest.pop();
  if (last === undefined) return whole === first;
  if (whole.length < first.length + last.length || !whole.startsWith(first) || !whole.endsWith(last))
    return false;
  const end = whole.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = whole.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
