import { isOrderedField, type QueryField } from './field.ts';
import { printText } from './print.ts';
import type { Comparison } from './query.ts';
import { fieldWordOf, splitAtCommas } from './term.ts';
import { type Cell, textOf, tokenize } from './tokens.ts';

/** What is being written where the cursor stands; `from` and `to` are what a completion replaces, in UTF-16 units. */
export interface CompletionPoint {
  readonly from: number;
  readonly to: number;
  /** What is written of it up to the cursor, quotes and escapes resolved. */
  readonly prefix: string;
  /** The field whose value is being written; absent where a field or a text is. */
  readonly field?: QueryField;
  readonly compare?: Comparison;
}

/** One proposal: `insert` goes where the point's range is. */
export interface Completion {
  readonly insert: string;
  readonly label: string;
  readonly description?: string;
}

/** What is being written where the cursor stands; undefined after a colon behind what is no field. */
export function completionAt(
  text: string,
  cursor: number,
  fields: readonly QueryField[],
): CompletionPoint | undefined {
  const { tokens } = tokenize(text);
  const token = tokens.find(({ type, from, to }) => from <= cursor && cursor <= to && !isSign(type));
  if (token === undefined) return { from: cursor, to: cursor, prefix: '' };
  const word = fieldWordOf(token.cells, fields);
  const before = token.cells.filter(({ at }) => at < cursor);
  const wordBefore = fieldWordOf(before, fields);
  if (wordBefore === undefined)
    return {
      from: token.from,
      to: word === undefined ? token.to : endOfName(token.cells),
      prefix: textOf(before),
    };
  if (wordBefore.field === undefined) return undefined;
  const written = splitAtCommas(wordBefore.values).at(-1) ?? [];
  const from = written[0]?.at ?? cursor;
  const next = token.cells.find(({ char, isPlain, at }) => at >= cursor && isPlain && char === ',');
  return {
    from,
    to: next?.at ?? token.to,
    prefix: textOf(written),
    field: wordBefore.field,
    compare: wordBefore.compare,
  };
}

function isSign(type: string): boolean {
  return type === 'open' || type === 'close' || type === 'minus';
}

/** Where the name of a field and its colon end. */
function endOfName(cells: readonly Cell[]): number {
  const operator = cells.find(({ char, isPlain }) => isPlain && /[:<>=!]/.test(char));
  return (operator?.at ?? 0) + (operator?.char === ':' ? 1 : 0);
}

/**
 * Proposals for a point, best first: fields, or values of its field.
 *
 * @param values what the caller knows of the field's values, for fields whose values are not in their definition.
 */
export function completions(
  point: CompletionPoint,
  fields: readonly QueryField[],
  values: readonly string[] = [],
): Completion[] {
  const proposals =
    point.field === undefined ? fieldProposals(fields) : valueProposals(point, point.field, values);
  const wanted = point.prefix.toLowerCase();
  const fitting = proposals.filter(({ keys }) => keys.some((key) => key.includes(wanted)));
  const isPrefix = ({ keys }: Proposal): boolean => keys.some((key) => key.startsWith(wanted));
  return [...fitting.filter(isPrefix), ...fitting.filter((proposal) => !isPrefix(proposal))].map(
    ({ completion }) => completion,
  );
}

/** A completion and the lower-case words by which it is found. */
interface Proposal {
  readonly completion: Completion;
  readonly keys: readonly string[];
}

function fieldProposals(fields: readonly QueryField[]): Proposal[] {
  return fields.map(({ name, description, synonyms = [] }) => ({
    completion: { insert: `${name}:`, label: name, description },
    keys: [name, ...synonyms],
  }));
}

const TIMES = ['>=now-1h', '>=now-1d', '>=now-7d', '>=now-30d'];
const TIMES_AHEAD = ['<now', '<now+7d', '<now+30d', '<now+90d'];
const DURATIONS = ['1h', '1d', '7d', '30d'];

function valueProposals(
  { compare }: CompletionPoint,
  field: QueryField,
  values: readonly string[],
): Proposal[] {
  const operator = compare === '=' ? '>=' : '';
  const fixed = {
    text: values.map((value) => printText([value])),
    enum: isOrderedField(field) ? (field.values ?? []).toReversed() : (field.values ?? []),
    boolean: ['yes', 'no'],
    number: values,
    time: (field.isAhead === true ? TIMES_AHEAD : TIMES).map((time) =>
      compare === '=' ? time : time.replace(/^[<>=]+/, ''),
    ),
    duration: DURATIONS.map((length) => `${operator}${length}`),
  }[field.type];
  const known = fixed.map((insert, index) => {
    const label = field.type === 'text' ? (values[index] ?? insert) : insert;
    return { completion: { insert, label }, keys: [label.toLowerCase()] };
  });
  if (field.canBeNone !== true || compare !== '=') return known;
  return [
    ...known,
    { completion: { insert: 'none', label: 'none', description: 'no value' }, keys: ['none'] },
  ];
}
