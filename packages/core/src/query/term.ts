import { err, ok, type Result } from '../result.ts';
import { findField, type QueryField } from './field.ts';
import { nearestWord } from './nearest.ts';
import { type Comparison, negateQuery, type Query, type QueryError, type QueryValue } from './query.ts';
import { type Cell, type Token, textOf } from './tokens.ts';
import { partsOf, readValue, type ValueFault } from './values.ts';

/** A word that asks for a field, taken apart. */
export interface FieldWord {
  /** As written. */
  readonly name: string;
  readonly field: QueryField | undefined;
  readonly compare: Comparison;
  readonly isNegated: boolean;
  /** What follows the operator. */
  readonly values: readonly Cell[];
}

const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
/** The longest first, so that `>=` is not taken for `>`. */
const OPERATORS = ['!=', '<=', '>=', '=', '<', '>'] as const;

/** Takes a word such as `severity:>=high` apart; undefined where it is a text to search for. */
export function fieldWordOf(cells: readonly Cell[], fields: readonly QueryField[]): FieldWord | undefined {
  const end = cells.findIndex(({ char, isPlain }) => isPlain && /[:<>=!]/.test(char));
  const before = cells.slice(0, end);
  const name = textOf(before);
  if (end < 0 || !NAME.test(name) || !before.every(({ isPlain }) => isPlain)) return undefined;
  const field = findField(fields, name);
  const hasColon = cells[end]?.char === ':';
  const { operator, rest } = operatorOf(cells.slice(hasColon ? end + 1 : end));
  if (!hasColon && (field === undefined || operator === undefined)) return undefined;
  return {
    name,
    field,
    compare: operator === '!=' || operator === undefined ? '=' : operator,
    isNegated: operator === '!=',
    values: rest,
  };
}

function operatorOf(cells: readonly Cell[]): {
  operator: (typeof OPERATORS)[number] | undefined;
  rest: readonly Cell[];
} {
  const operator = OPERATORS.find((candidate) =>
    candidate.split('').every((char, index) => cells[index]?.char === char && cells[index]?.isPlain === true),
  );
  return { operator, rest: cells.slice(operator?.length ?? 0) };
}

/** Cells between commas that are neither quoted nor escaped. Never empty. */
export function splitAtCommas(cells: readonly Cell[]): Cell[][] {
  const lists: Cell[][] = [[]];
  for (const cell of cells) {
    if (cell.isPlain && cell.char === ',') lists.push([]);
    else lists.at(-1)?.push(cell);
  }
  return lists;
}

/** Reads one word of a query: a field's condition, or a text. */
export function readTerm(token: Token, fields: readonly QueryField[]): Result<Query, QueryError> {
  const word = fieldWordOf(token.cells, fields);
  if (word === undefined) return ok({ op: 'text', parts: partsOf(token.cells) });
  if (word.field === undefined) return err(unknownField(word.name, token, fields));
  const values = readValues(word, word.field, token);
  if (!values.ok) return values;
  const term: Query = { op: 'field', field: word.field.name, compare: word.compare, values: values.value };
  return ok(word.isNegated ? negateQuery(term) : term);
}

function unknownField(name: string, { from }: Token, fields: readonly QueryField[]): QueryError {
  const nearest = nearestWord(
    name,
    fields.flatMap((field) => [field.name, ...(field.synonyms ?? [])]),
  );
  const hint = nearest === undefined ? 'put it in quotes to search for the text' : `did you mean ${nearest}?`;
  return {
    position: from,
    to: from + name.length,
    message: `there is no field ${name}; ${hint}`,
    ...(nearest !== undefined && { nearest }),
  };
}

function readValues(
  { compare, values }: FieldWord,
  field: QueryField,
  token: Token,
): Result<readonly QueryValue[], QueryError> {
  const lists = splitAtCommas(values);
  const start = values[0]?.at ?? token.to;
  if (compare !== '=' && lists.length > 1)
    return err({
      position: start,
      to: token.to,
      message: `${field.name}:${compare} takes one value, not a list`,
    });
  const read: QueryValue[] = [];
  let at = start;
  for (const cells of lists) {
    const to = (cells.at(-1)?.at ?? at - 1) + 1;
    if (cells.length === 0) {
      const message = `${field.name} has no value here; the value follows the colon without a blank`;
      return err({ position: at, to: at, message });
    }
    const value = readValue(field, compare, cells);
    if (!value.ok) return err(faultAt(value.error, cells[0]?.at ?? at, to));
    read.push(value.value);
    at = to + 1;
  }
  return ok(read);
}

function faultAt({ message, nearest }: ValueFault, position: number, to: number): QueryError {
  return { position, to, message, ...(nearest !== undefined && { nearest }) };
}
