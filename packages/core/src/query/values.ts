import { err, ok, type Result } from '../result.ts';
import { isOrderedField, type QueryField } from './field.ts';
import { parseDuration, parsePeriod } from './moments.ts';
import { nearestWord } from './nearest.ts';
import type { Comparison, QueryValue } from './query.ts';
import { type Cell, textOf } from './tokens.ts';

/** Why a value does not fit its field; `nearest` is a value that does. */
export interface ValueFault {
  readonly message: string;
  readonly nearest?: string;
}

type Read = Result<QueryValue, ValueFault>;

/** The literal parts of a text between its wildcards: stars that are neither quoted nor escaped. */
export function partsOf(cells: readonly Cell[]): string[] {
  const parts = [''];
  for (const { char, isPlain } of cells) {
    if (char === '*' && isPlain) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${char}`);
  }
  return parts;
}

/** Reads one value of a field; `compare` is how the query compares it. */
export function readValue(field: QueryField, compare: Comparison, cells: readonly Cell[]): Read {
  const text = textOf(cells);
  if (field.canBeNone === true && text.toLowerCase() === 'none' && cells.every(({ isPlain }) => isPlain))
    return compare === '='
      ? ok({ type: 'none' })
      : err({ message: 'none cannot be less or more than anything' });
  if (compare !== '=' && !isOrderedField(field))
    return err({ message: `${field.name} has no order: write ${field.name}:${text}`, nearest: text });
  return READERS[field.type](text, { field, compare, cells });
}

interface Context {
  readonly field: QueryField;
  readonly compare: Comparison;
  readonly cells: readonly Cell[];
}

const READERS: Readonly<Record<QueryField['type'], (text: string, context: Context) => Read>> = {
  text: (_text, { cells }) => ok({ type: 'text', parts: partsOf(cells) }),
  enum: readEnum,
  boolean: readBoolean,
  number: readNumber,
  time: readTime,
  duration: readDuration,
};

function shown(text: string): string {
  return `"${text.slice(0, 60)}"`;
}

function readEnum(text: string, { field }: Context): Read {
  const { name, values = [] } = field;
  const rank = values.indexOf(text.toLowerCase());
  const value = values[rank];
  if (value !== undefined) return ok({ type: 'enum', value, rank });
  const nearest = nearestWord(text, values);
  return err({
    message: `${name} is one of ${values.join(', ')}, not ${shown(text)}`,
    ...(nearest !== undefined && { nearest }),
  });
}

const BOOLEANS = new Map([
  ['yes', true],
  ['true', true],
  ['no', false],
  ['false', false],
]);

function readBoolean(text: string, { field }: Context): Read {
  const value = BOOLEANS.get(text.toLowerCase());
  if (value !== undefined) return ok({ type: 'boolean', value });
  return err({ message: `${field.name} is yes or no, not ${shown(text)}` });
}

/** As far as a number is printed without an exponent. */
const NUMBER = /^-?\d{1,15}(?:\.\d{1,6})?$/;

function readNumber(text: string, { field }: Context): Read {
  if (NUMBER.test(text)) return ok({ type: 'number', value: Number(text) + 0 });
  return err({ message: `${field.name} is a number such as 10, not ${shown(text)}` });
}

/** A length of time before or after now. */
const RELATIVE = /^now(?:([-+])(.+))?$/i;

function readTime(text: string, { field, compare }: Context): Read {
  const { isAhead = false } = field;
  // Moments to come are asked for up to one, those of the past from one on.
  const nearest = isAhead ? '<' : '>=';
  const period = parsePeriod(text);
  if (period !== undefined) return ok({ type: 'time', ...period });
  const [isRelative, sign, length = '0s'] = RELATIVE.exec(text) ?? [];
  const duration = parseDuration(isRelative === undefined ? text : length);
  if (isRelative !== undefined && duration !== undefined) {
    const { milliseconds } = duration;
    if (compare !== '=')
      return ok({ type: 'relative', milliseconds: sign === '-' ? 0 - milliseconds : milliseconds });
    return err({
      message: `${field.name} is never exactly ${text}: write ${field.name}:${nearest}${text}`,
      nearest: `${nearest}${text}`,
    });
  }
  if (duration !== undefined) {
    const [at, meaning] = isAhead ? [`now+${text}`, `${text} from now`] : [`now-${text}`, `${text} ago`];
    return err({
      message: `${field.name} is a moment: write ${at} for ${meaning}`,
      nearest: `${compare === '=' ? nearest : ''}${at}`,
    });
  }
  return err({
    message: `${field.name} is a time such as 2026-11-01, 2026-11-01T12:30 or ${isAhead ? 'now+30d' : 'now-7d'}, not ${shown(text)}`,
  });
}

function readDuration(text: string, { field }: Context): Read {
  const duration = parseDuration(text.toLowerCase());
  if (duration !== undefined) return ok({ type: 'duration', ...duration });
  return err({ message: `${field.name} is a length of time such as 7d, 36h or 1w2d, not ${shown(text)}` });
}
