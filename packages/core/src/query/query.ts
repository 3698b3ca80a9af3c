/** How a field is compared. Only `=` takes several values, and then any of them. */
export const COMPARISONS = ['=', '<', '<=', '>', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];

/**
 * A text with wildcards: its literal parts, with anything at all, nothing included, between each two. `['payments']` is
 * the text itself, `['pay', '']` is `pay*`. Never empty. Texts are compared without regard to case.
 */
export type TextPattern = readonly string[];

/** What a field is compared with. */
export type QueryValue =
  /** The record has no value in this field. */
  | { readonly type: 'none' }
  | { readonly type: 'text'; readonly parts: TextPattern }
  /** `rank` is the value's place in the field's list, from 0. */
  | { readonly type: 'enum'; readonly value: string; readonly rank: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'number'; readonly value: number }
  /** The day, hour, minute or second that was written, in milliseconds since 1970: `from` included, `to` excluded. */
  | { readonly type: 'time'; readonly from: number; readonly to: number }
  /** A moment so many milliseconds after now; before it where they are less than 0. */
  | { readonly type: 'relative'; readonly milliseconds: number }
  /** `unit` is the smallest unit that was written, so that `age:7d` means the eighth day of life. In milliseconds. */
  | { readonly type: 'duration'; readonly milliseconds: number; readonly unit: number };

/** A field that must, or must not, have some value. Never without a value; `<` and the like have exactly one. */
export interface FieldTerm {
  readonly op: 'field';
  /** The field's name, never a synonym. */
  readonly field: string;
  readonly compare: Comparison;
  readonly values: readonly QueryValue[];
}

/** A text that must occur somewhere in what is searched. */
export interface TextTerm {
  readonly op: 'text';
  readonly parts: TextPattern;
}

/**
 * A query as a tree. In what the parser gives, `and` and `or` have at least two items, none of their own kind; only
 * the empty query is an `and` of nothing, which every record fits. `not` never stands in a `not`.
 */
export type Query =
  | { readonly op: 'and' | 'or'; readonly items: readonly Query[] }
  | { readonly op: 'not'; readonly item: Query }
  | FieldTerm
  | TextTerm;

/** The query that every record fits. */
export const EVERY_RECORD: Query = { op: 'and', items: [] };

/** Queries joined: nested ones of the same kind are taken apart, a single one stands for itself. */
export function joinQueries(op: 'and' | 'or', queries: readonly Query[]): Query {
  const items = queries.flatMap((query) => (query.op === op ? query.items : [query]));
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { op, items };
}

/** The opposite of a query. */
export function negateQuery(query: Query): Query {
  return query.op === 'not' ? query.item : { op: 'not', item: query };
}

/** What is wrong with the text of a query; offsets are UTF-16 units, `to` excluded. */
export interface QueryError {
  readonly position: number;
  readonly to: number;
  readonly message: string;
  /** What was probably meant, to be put in the place of the range. */
  readonly nearest?: string;
}
