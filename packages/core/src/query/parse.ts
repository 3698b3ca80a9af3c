import { err, ok, type Result } from '../result.ts';
import type { QueryField } from './field.ts';
import { EVERY_RECORD, joinQueries, negateQuery, type Query, type QueryError } from './query.ts';
import { readTerm } from './term.ts';
import { type Token, tokenize } from './tokens.ts';

/** So deep may parentheses stand in each other; deeper ones are nobody's writing. */
const MAX_DEPTH = 50;
/** A longer text is refused, so that nothing downstream has to bear it. In UTF-16 units. */
export const MAX_QUERY_LENGTH = 8000;

/**
 * Reads the text of a query, such as `severity:>=high namespace:pay* -control:image-* owner:none "privileged pod"`.
 *
 * Words are joined by AND, written or not; `OR` binds less, `-` and `NOT` more; parentheses group. `field:value` takes a
 * list with commas and, for ordered fields, `<`, `<=`, `>`, `>=`. `*` stands for anything. Quotes and a backslash make
 * characters mean themselves. Any other word is a text to search for. Linear in the text.
 */
export function parseQuery(text: string, fields: readonly QueryField[]): Result<Query, QueryError> {
  if (text.length > MAX_QUERY_LENGTH)
    return err({
      position: MAX_QUERY_LENGTH,
      to: text.length,
      message: `a query has at most ${MAX_QUERY_LENGTH} characters`,
    });
  const { tokens, openQuote } = tokenize(text);
  if (openQuote !== undefined)
    return err({ position: openQuote, to: text.length, message: 'this quotation does not end' });
  return tokens.length === 0 ? ok(EVERY_RECORD) : new Parser(tokens, fields).whole(text.length);
}

type Parsed = Result<Query, QueryError>;

class Parser {
  private readonly tokens: readonly Token[];
  private readonly fields: readonly QueryField[];
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly Token[], fields: readonly QueryField[]) {
    this.tokens = tokens;
    this.fields = fields;
  }

  whole(length: number): Parsed {
    const query = this.either(length);
    const left = this.tokens[this.at];
    if (!query.ok || left === undefined) return query;
    return err({ position: left.from, to: left.to, message: 'this parenthesis closes nothing' });
  }

  /** Alternatives, up to a closing parenthesis or the end, which is at `end` in the text. */
  private either(end: number): Parsed {
    const alternatives: Query[] = [];
    do {
      const all = this.all(end);
      if (!all.ok) return all;
      alternatives.push(all.value);
    } while (this.takes('or'));
    return ok(joinQueries('or', alternatives));
  }

  private all(end: number): Parsed {
    const terms: Query[] = [];
    for (;;) {
      const isDemanded = this.takes('and') || terms.length === 0;
      const next = this.tokens[this.at]?.type;
      if (!isDemanded && (next === undefined || next === 'or' || next === 'close'))
        return ok(joinQueries('and', terms));
      const term = this.term(end);
      if (!term.ok) return term;
      terms.push(term.value);
    }
  }

  private term(end: number): Parsed {
    let isNegated = false;
    while (this.takes('minus') || this.takes('not')) isNegated = !isNegated;
    const token = this.tokens[this.at];
    if (token === undefined || (token.type !== 'open' && token.type !== 'word'))
      return err(this.nothingHere(token, end));
    this.at++;
    const query = token.type === 'open' ? this.group(token, end) : readTerm(token, this.fields);
    return query.ok && isNegated ? ok(negateQuery(query.value)) : query;
  }

  private group(open: Token, end: number): Parsed {
    if (this.depth === MAX_DEPTH)
      return err({ position: open.from, to: open.to, message: `parentheses are at most ${MAX_DEPTH} deep` });
    this.depth++;
    const query = this.either(end);
    this.depth--;
    if (!query.ok || this.takes('close')) return query;
    return err({ position: open.from, to: open.to, message: 'this parenthesis is not closed' });
  }

  private nothingHere(token: Token | undefined, end: number): QueryError {
    const before = this.tokens[this.at - 1];
    const range = { position: token?.from ?? end, to: token?.to ?? end };
    const after = before === undefined ? 'at the start' : `after ${SHOWN[before.type]}`;
    return { ...range, message: `something to find is missing ${after}` };
  }

  private takes(type: Token['type']): boolean {
    if (this.tokens[this.at]?.type !== type) return false;
    this.at++;
    return true;
  }
}

const SHOWN: Readonly<Record<Token['type'], string>> = {
  open: '(',
  close: ')',
  minus: '-',
  and: 'AND',
  or: 'OR',
  not: 'NOT',
  word: 'a word',
};
