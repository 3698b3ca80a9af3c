import {
  type Comparison,
  type FieldTerm,
  foldCase,
  matchesQuery,
  type Query,
  type QueryValue,
  saysGroup,
  type TextPattern,
} from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import { folded } from './folded.ts';

/** A field of a query as an expression on a relation `t`. */
export interface PlainColumn {
  /**
   * `age` is the time since a moment: `age:>7d` is a moment before. `rank` is stored as the number of the value, the least
   * 0; `enum` as the value. `digits` is 32 hexadecimal digits stored as a uuid.
   */
  readonly type: 'text' | 'digits' | 'number' | 'boolean' | 'time' | 'age' | 'rank' | 'enum' | 'list';
  readonly sql: RawBuilder<unknown>;
  /** Whether its texts are kinds with their groups: `apps/Deployment`. */
  readonly isKind?: boolean;
  /** Of digits that were others before: makes a condition on those one on `t`. */
  readonly formerly?: (
    condition: (former: RawBuilder<unknown>) => RawBuilder<boolean>,
  ) => RawBuilder<boolean>;
  /** A text that is folded, empty for none, as an index has it. */
  readonly lower?: RawBuilder<unknown>;
  /** The items of a list as a relation with a column `item`, where that is cheaper than the list. */
  readonly items?: RawBuilder<unknown>;
  /** The items of a list, each folded, as an index of arrays has them. */
  readonly indexed?: RawBuilder<unknown>;
}

/** A field of rows that belong to those of `t`, at most one each. */
export interface RelatedColumn {
  readonly type: 'related';
  readonly column: PlainColumn;
  /** Makes a condition on those rows one on `t`. */
  readonly within: (condition: RawBuilder<boolean>) => RawBuilder<boolean>;
  /** Whether no such row means the same as false, rather than none. */
  readonly isFalseWithout?: boolean;
}

/** A field whose values are names for lists of values of a column, such as frameworks for the controls that they ask for. */
export interface NamedColumn {
  readonly type: 'named';
  readonly sql: RawBuilder<unknown>;
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** Whether the names are kinds with their groups. */
  readonly isKind?: boolean;
}

/** How a field of a query is found. */
export type QueryColumn = PlainColumn | RelatedColumn | NamedColumn;

/** What a query can ask of a relation. */
export interface QueryColumns {
  readonly fields: Readonly<Record<string, QueryColumn>>;
  /** What free text is searched in. */
  readonly texts: readonly RawBuilder<unknown>[];
  /** Further texts, which are in lower case whatever they say. */
  readonly lowerTexts?: readonly RawBuilder<unknown>[];
  /** Further texts, of which all are known: they are searched here rather than in each row. */
  readonly knownTexts?: readonly KnownText[];
}

/** A column all of whose values are known. */
export interface KnownText {
  readonly sql: RawBuilder<unknown>;
  readonly values: readonly string[];
}

type Condition = RawBuilder<boolean>;

const FALSE = sql<boolean>`false`;
const TRUE = sql<boolean>`true`;
const NO_FIELDS = { fields: [], now: 0 };

/** A query as a condition; it means what `matchesQuery` of core means. */
export function toSql(query: Query, columns: QueryColumns, now: Date): Condition {
  switch (query.op) {
    case 'and':
      return all(
        query.items.map((item) => toSql(item, columns, now)),
        'and',
      );
    case 'or':
      return all(
        query.items.map((item) => toSql(item, columns, now)),
        'or',
      );
    case 'not':
      return sql<boolean>`not coalesce(${toSql(query.item, columns, now)}, false)`;
    case 'text':
      return searched(query, columns);
    case 'field':
      return term(query, columns, now);
  }
}

function searched(
  query: Extract<Query, { op: 'text' }>,
  { texts, lowerTexts = [], knownTexts = [] }: QueryColumns,
): Condition {
  if (query.parts.some((part) => part.includes('\0'))) return FALSE;
  const pattern = foldCase(like(['', ...query.parts, '']));
  const fits = (value: string) => matchesQuery(query, { value: () => value, texts: [value] }, NO_FIELDS);
  return all(
    [
      ...knownTexts.map(({ sql: column, values }) => isAmong(column, values.filter(fits))),
      ...[...lowerTexts, ...texts.map(folded)].map((text) => sql<boolean>`${text} like ${pattern}`),
    ],
    'or',
  );
}

/** Whether a column has one of some values: where there is none, nothing has to be looked at. */
function isAmong(column: RawBuilder<unknown>, values: readonly string[]): Condition {
  return values.length === 0 ? FALSE : sql<boolean>`(${column} = any(${[...new Set(values)]}::text[]))`;
}

function all(conditions: readonly Condition[], word: 'and' | 'or'): Condition {
  if (conditions.length === 0) return word === 'and' ? TRUE : FALSE;
  return sql<boolean>`(${sql.join([...conditions], sql.raw(` ${word} `))})`;
}

/** LIKE's own wildcards mean themselves. */
function like(parts: TextPattern): string {
  return parts.map((part) => part.replaceAll(/[\\%_]/g, '\\$&')).join('%');
}

function term({ field, compare, values }: FieldTerm, { fields }: QueryColumns, now: Date): Condition {
  const column = fields[field];
  if (column === undefined) return FALSE;
  return all(
    values.map((value) => compared(column, compare, value, now)),
    'or',
  );
}

type Compared = (column: PlainColumn, compare: Comparison, value: QueryValue, now: Date) => Condition;

/** How a column of each type is compared; a value of another type fits nothing. */
const COMPARED: Readonly<Record<PlainColumn['type'], Compared>> = {
  text: (column, _compare, value) => (value.type === 'text' ? textEquals(column, value.parts) : FALSE),
  digits: (column, _compare, value) => (value.type === 'text' ? digitsFit(column, value.parts) : FALSE),
  list: (column, _compare, value) => (value.type === 'text' ? hasItem(column, value.parts) : FALSE),
  boolean: (column, _compare, value) =>
    value.type === 'boolean' ? sql<boolean>`(${column.sql}) = ${value.value}` : FALSE,
  enum: (column, _compare, value) =>
    value.type === 'enum' ? sql<boolean>`(${column.sql}) = ${value.value}` : FALSE,
  rank: (column, compare, value) =>
    value.type === 'enum' ? ordered(sql`(${column.sql})`, compare, sql`${value.rank}`) : FALSE,
  // As numbers are in memory: a column of whole numbers takes no other and no greater one.
  number: (column, compare, value) =>
    value.type === 'number' ? ordered(sql`(${column.sql})`, compare, sql`${value.value}::float8`) : FALSE,
  time: (column, compare, value, now) => timed(column.sql, compare, value, now),
  age: (column, compare, value, now) => aged(column.sql, compare, value, now),
};

function compared(column: QueryColumn, compare: Comparison, value: QueryValue, now: Date): Condition {
  if (column.type === 'related') return related(column, compare, value, now);
  if (column.type === 'named') return named(column, value);
  return value.type === 'none' ? isNone(column) : COMPARED[column.type](column, compare, value, now);
}

function isNone({ type, sql: column, lower, items }: PlainColumn): Condition {
  if (items !== undefined) return sql<boolean>`not exists (select from ${items} as each)`;
  if (type === 'list') return sql<boolean>`coalesce(cardinality(${column}), 0) = 0`;
  return lower === undefined ? sql<boolean>`(${column}) is null` : sql<boolean>`${lower} = ''`;
}

function related(
  { column, within, isFalseWithout = false }: RelatedColumn,
  compare: Comparison,
  value: QueryValue,
  now: Date,
): Condition {
  if (value.type === 'none') return sql<boolean>`not ${within(sql<boolean>`not ${isNone(column)}`)}`;
  if (isFalseWithout && value.type === 'boolean' && !value.value)
    return sql<boolean>`not ${within(sql<boolean>`(${column.sql})`)}`;
  return within(compared(column, compare, value, now));
}

function named({ sql: column, names, isKind = false }: NamedColumn, value: QueryValue): Condition {
  if (value.type === 'none') return sql<boolean>`not ${isAmong(column, [...names.values()].flat())}`;
  const term = { op: 'field', field: 'name', compare: '=', values: [value] } as const;
  const fields = [{ name: 'name', type: 'text', description: '', isKind }] as const;
  const fitting = [...names].filter(([name]) =>
    matchesQuery(term, { value: () => name, texts: [] }, { fields, now: 0 }),
  );
  return isAmong(
    column,
    fitting.flatMap(([, values]) => values),
  );
}

/** A whole item is looked up where there is an index; what fits a pattern is looked for in each row. */
function hasItem(
  { sql: list, items = sql`unnest(${list})`, indexed, isKind = false }: PlainColumn,
  parts: TextPattern,
): Condition {
  const [only = ''] = parts;
  if (indexed !== undefined && parts.length === 1 && !only.includes('\0'))
    return sql<boolean>`${indexed} @> array[${foldCase(only)}::text]`;
  return sql<boolean>`exists (select from ${items} as each(item) where ${textEquals({ sql: sql`each.item`, isKind }, parts)})`;
}

/** A stored kind without its group. */
export function kindAlone(kind: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`split_part(${kind}, '/', -1)`;
}

/** As `namesOfKind` of core has it. */
function kindWithGroup(kind: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${kindAlone(kind)} || '.' || rtrim(left(${kind}, -length(${kindAlone(kind)})), '/')`;
}

function textEquals(
  { sql: column, lower, isKind = false }: Pick<PlainColumn, 'sql' | 'lower' | 'isKind'>,
  parts: TextPattern,
): Condition {
  const [only] = parts;
  const text = !isKind ? column : saysGroup(parts) ? kindWithGroup(column) : kindAlone(column);
  const left = lower ?? folded(text);
  if (parts.some((part) => part.includes('\0'))) return FALSE;
  // What an index has as empty has no value: not even a pattern that anything fits.
  if (lower !== undefined && parts.every((part) => part === ''))
    return parts.length === 1 ? FALSE : sql<boolean>`${lower} <> ''`;
  if (parts.length === 1 && only !== undefined) return sql<boolean>`${left} = ${foldCase(only)}`;
  return sql<boolean>`${left} like ${foldCase(like(parts))}`;
}

/** Digits and the beginning of them are a range, which an index finds; any other pattern is compared as text. */
function digitsFit({ sql: column, formerly }: PlainColumn, parts: TextPattern): Condition {
  const now = digitsEqual(column, parts);
  return formerly === undefined
    ? now
    : sql<boolean>`(${now} or ${formerly((former) => digitsEqual(former, parts))})`;
}

function digitsEqual(column: RawBuilder<unknown>, parts: TextPattern): Condition {
  const [start = '', ...rest] = parts.map(foldCase);
  const hasRest = rest.length > 0;
  if (rest.some((part) => part !== ''))
    return textEquals({ sql: sql`replace((${column})::text, '-', '')` }, parts);
  if (!/^[0-9a-f]*$/.test(start) || start.length > DIGITS || (!hasRest && start.length < DIGITS))
    return FALSE;
  return sql<boolean>`(${column} between ${start.padEnd(DIGITS, '0')}::uuid and ${start.padEnd(DIGITS, 'f')}::uuid)`;
}

/** Of a uuid. */
const DIGITS = 32;

function ordered(column: RawBuilder<unknown>, compare: Comparison, value: RawBuilder<unknown>): Condition {
  return sql<boolean>`${column} ${sql.raw(compare)} ${value}`;
}

/** PostgreSQL begins with the year 4714 BC, JavaScript ends with the year 275760. */
const FIRST_MOMENT = Date.UTC(-4712, 0, 1);
const LAST_MOMENT = 8.64e15;

/** A moment in milliseconds since 1970, the nearest that the database knows. */
export function at(milliseconds: number): RawBuilder<unknown> {
  return sql`${new Date(Math.min(LAST_MOMENT, Math.max(FIRST_MOMENT, milliseconds)))}::timestamptz`;
}

function timed(column: RawBuilder<unknown>, compare: Comparison, value: QueryValue, now: Date): Condition {
  if (value.type === 'relative')
    return compare === '=' ? FALSE : ordered(column, compare, at(now.getTime() + value.milliseconds));
  if (value.type !== 'time') return FALSE;
  switch (compare) {
    case '=':
      return sql<boolean>`(${column} >= ${at(value.from)} and ${column} < ${at(value.to)})`;
    case '<':
      return ordered(column, '<', at(value.from));
    case '<=':
      return ordered(column, '<', at(value.to));
    case '>':
      return ordered(column, '>=', at(value.to));
    case '>=':
      return ordered(column, '>=', at(value.from));
  }
}

/** Older is earlier: comparisons turn round. */
const TURNED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' } as const;

function aged(column: RawBuilder<unknown>, compare: Comparison, value: QueryValue, now: Date): Condition {
  if (value.type !== 'duration') return FALSE;
  const moment = now.getTime() - value.milliseconds;
  if (compare === '=')
    return sql<boolean>`(${column} <= ${at(moment)} and ${column} > ${at(moment - value.unit)})`;
  return ordered(column, TURNED[compare], at(moment));
}
