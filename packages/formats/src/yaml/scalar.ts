import { ScalarError } from './fault.ts';

/** A scalar as kubectl reads it; integers outside the safe range stay exact. */
export type ScalarValue = null | boolean | number | bigint | string;

const WORDS = new Map<string, null | boolean>([
  ['~', null],
  ...['null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((w) => [w, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (w) => [w, false] as const,
  ),
]);
const LONGEST_WORD = 5;
const NOT_JSON = new Map<string, number>([
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, -Infinity] as const),
]);
const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
/** What begins with a point goes to Go's own parser, which wants its underscores between digits. */
const POINT_FLOAT = /^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?$/;
const MAX_UINT64 = 2n ** 64n - 1n;
const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
/** No 64-bit integer has more characters without leading zeros: 64 binary digits behind `0b`. */
const LONGEST_INTEGER = 66;
const POINT = 46;

function trimZeros(digits: string): string {
  return digits.length > LONGEST_INTEGER ? digits.replace(/^(0[xXbBoO]?)0*(?=.)/, '$1') : digits;
}

function parseInteger(text: string): number | bigint | undefined {
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const digits = trimZeros(match[2] ?? '');
  if (digits.length > LONGEST_INTEGER) return undefined;
  const octal = digits.length > 1 && digits[0] === '0' && (digits.charCodeAt(1) | 32) < 98;
  const literal = octal ? `0o${digits.slice(1)}` : digits;
  const small = Number(literal);
  if (Number.isSafeInteger(small)) return match[1] === '-' && small !== 0 ? -small : small;
  const exact = match[1] === '-' ? -BigInt(literal) : BigInt(literal);
  // Go reads a sign only before a signed integer.
  const most = match[1] === '' ? MAX_UINT64 : MAX_INT64;
  return exact >= MIN_INT64 && exact <= most ? exact : undefined;
}

function withoutUnderscores(text: string): string {
  return text.includes('_') ? text.replaceAll('_', '') : text;
}

function parseFloat64(text: string): number | undefined {
  const plain = withoutUnderscores(text);
  const fits = text.charCodeAt(0) === POINT ? POINT_FLOAT.test(text) : FLOAT.test(plain);
  if (!fits) return undefined;
  const float = Number(plain);
  return Number.isFinite(float) ? float : undefined;
}

function isNumberStart(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 45 || code === 43 || code === POINT;
}

/** The value of a text that is an integer in YAML 1.1 as Go reads it; undefined for every other text. */
export function resolveInteger(text: string): number | bigint | undefined {
  const code = text.charCodeAt(0);
  return isNumberStart(code) && code !== POINT ? parseInteger(withoutUnderscores(text)) : undefined;
}

function resolveNumber(text: string): ScalarValue {
  return resolveInteger(text) ?? parseFloat64(text) ?? NOT_JSON.get(text) ?? text;
}

/**
 * The value of an untagged plain scalar by the YAML 1.1 rules that kubectl applies through sigs.k8s.io/yaml: `yes`,
 * `on` and `y` are true, `0644` is octal, dates and sexagesimals stay text. Infinities and NaN come as numbers, which
 * may be keys but not values. Linear in the text.
 */
export function resolveAny(text: string): ScalarValue {
  if (text === '') return null;
  if (isNumberStart(text.charCodeAt(0))) return resolveNumber(text);
  if (text.length > LONGEST_WORD) return text;
  const word = WORDS.get(text);
  return word === undefined ? text : word;
}

/**
 * The value of an untagged plain scalar, as `resolveAny` reads it.
 *
 * @throws ScalarError for infinities and NaN, which JSON cannot carry.
 */
export function resolvePlain(text: string): ScalarValue {
  const value = resolveAny(text);
  return typeof value === 'number' ? asJson(value) : value;
}

/**
 * A value that JSON can carry.
 *
 * @throws ScalarError for infinities and NaN.
 */
export function asJson(value: ScalarValue): ScalarValue {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new ScalarError('no-json-form');
  return value;
}
