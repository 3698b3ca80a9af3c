import { printQuery } from './print.ts';
import { joinQueries, type Query, type QueryValue } from './query.ts';

/** What a field is to be: that text and no pattern, any of some, or nothing at all. */
export type AskedValue = string | readonly string[] | null;

/**
 * The text of the query that asks for exactly these values, whatever signs they hold; an empty text is a field without a value.
 *
 * @param values by the names of fields that hold texts.
 */
export function queryForValues(values: Readonly<Record<string, AskedValue>>): string {
  return printQuery(queryOfValues(values));
}

/** The same as a tree. */
export function queryOfValues(values: Readonly<Record<string, AskedValue>>): Query {
  return joinQueries('and', Object.entries(values).map(termOf));
}

function termOf([field, asked]: readonly [string, AskedValue]): Query {
  const values = typeof asked === 'string' ? [asked] : (asked ?? ['']);
  return { op: 'field', field, compare: '=', values: values.map(valueFor) };
}

function valueFor(text: string): QueryValue {
  return text === '' ? { type: 'none' } : { type: 'text', parts: [text] };
}
