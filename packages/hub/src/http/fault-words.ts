/** What is known of a fault that zod has found; of sizes what is measured, and the limit, which is allowed unless it says otherwise. */
export interface Fault {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly origin?: unknown;
  readonly maximum?: unknown;
  readonly minimum?: unknown;
  /** Whether the limit itself is allowed. */
  readonly inclusive?: unknown;
  readonly expected?: unknown;
  readonly values?: unknown;
  readonly options?: unknown;
  readonly format?: unknown;
  readonly pattern?: unknown;
  /** The fields that the schema does not know. */
  readonly keys?: unknown;
}

/** What is counted of what has a size. */
const COUNTED: Readonly<Record<string, string>> = {
  string: 'character',
  array: 'entry',
  set: 'entry',
  map: 'entry',
};

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const FORMS: Readonly<Record<string, string>> = {
  datetime: 'a moment, such as 2026-11-01T08:00:00Z',
  date: 'a day, such as 2026-11-01',
  email: 'an address of mail',
  url: 'an address that begins with http:// or https://',
};

/** What zod says where the schema has no words of its own. */
const OF_LIBRARY = /^(?:Too (?:big|small)|Invalid|Unrecognized)\b/;

type Words = (fault: Fault) => string | undefined;

const WORDS: Readonly<Record<string, Words>> = {
  too_big: ({ origin, maximum, inclusive }) => {
    const unit = COUNTED[String(origin)];
    if (unit !== undefined) return `must have at most ${amount(maximum, unit)}`;
    return `must be ${inclusive === false ? 'less than' : 'at most'} ${number(maximum)}`;
  },
  too_small: ({ origin, minimum, inclusive }) => {
    const unit = COUNTED[String(origin)];
    if (unit === undefined)
      return `must be ${inclusive === false ? 'more than' : 'at least'} ${number(minimum)}`;
    return minimum === 1 ? 'must not be empty' : `must have at least ${amount(minimum, unit)}`;
  },
  invalid_type: ({ message = '', expected }) =>
    message.endsWith('received undefined') ? 'is missing' : orNothing(TYPES[String(expected)]),
  invalid_value: ({ values }) => orNothing(oneOf(values)),
  invalid_union: ({ options }) => orNothing(oneOf(options)),
  invalid_format: ({ format, pattern }) =>
    format === 'regex' ? `must match ${String(pattern)}` : orNothing(FORMS[String(format)]),
  unrecognized_keys: () => 'is not known here',
};

/** A fault in words that follow the name of a field, with what would be right; what the schema says of itself comes before that. */
export function faultWords(fault: Fault): string {
  const { code = '', message } = fault;
  if (message !== undefined && !OF_LIBRARY.test(message)) return message;
  return WORDS[code]?.(fault) ?? 'is not what it must be';
}

function orNothing(what: string | undefined): string | undefined {
  return what === undefined ? undefined : `must be ${what}`;
}

function oneOf(values: unknown): string | undefined {
  if (!Array.isArray(values) || values.length === 0) return undefined;
  return values.length === 1
    ? String(values[0])
    : `${values.slice(0, -1).join(', ')} or ${String(values.at(-1))}`;
}

function number(limit: unknown): string {
  return Number(limit).toLocaleString('en');
}

function amount(limit: unknown, unit: string): string {
  const units = unit === 'entry' ? 'entries' : `${unit}s`;
  return `${number(limit)} ${Number(limit) === 1 ? unit : units}`;
}
