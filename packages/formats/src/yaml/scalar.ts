/** A scalar as kubectl reads it; integers outside the safe range stay exact. */
export type ScalarValue = null | boolean | number | bigint | string;

/** Thrown for a scalar that sigs.k8s.io/yaml refuses, such as `.inf`, which JSON cannot carry. */
export class ScalarError extends Error {}

const WORDS = new Map<string, null | boolean>([
  ['~', null],
  ...['null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((w) => [w, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (w) => [w, false] as const,
  ),
]);
const LONGEST_WORD = 5;
const NOT_JSON = new Set([
  '.nan',
  '.NaN',
  '.NAN',
  '.inf',
  '.Inf',
  '.INF',
  '+.inf',
  '+.Inf',
  '+.INF',
  '-.inf',
  '-.Inf',
  '-.INF',
]);
const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const LONGEST_NUMBER = 400;
const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);

function parseInteger(text: string): number | bigint | undefined {
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const digits = match[2] ?? '';
  const octal = digits.length > 1 && digits[0] === '0' && (digits.charCodeAt(1) | 32) < 98;
  const literal = octal ? `0o${digits.slice(1)}` : digits;
  const small = Number(literal);
  if (Number.isSafeInteger(small)) return match[1] === '-' && small !== 0 ? -small : small;
  const exact = match[1] === '-' ? -BigInt(literal) : BigInt(literal);
  return exact >= MIN_INT64 && exact <= MAX_UINT64 ? exact : undefined;
}

function parseNumber(text: string): number | bigint | undefined {
  if (text.length > LONGEST_NUMBER) return undefined;
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  const integer = parseInteger(plain);
  if (integer !== undefined) return integer;
  if (!FLOAT.test(plain)) return undefined;
  const float = Number(plain);
  return Number.isFinite(float) ? float : undefined;
}

function isNumberStart(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 45 || code === 43 || code === 46;
}

/**
 * The value of a plain (unquoted, untagged) scalar by the YAML 1.1 rules that kubectl applies through
 * sigs.k8s.io/yaml: `yes`, `on` and `y` are true, `0644` is octal, dates and sexagesimals stay text.
 *
 * @throws ScalarError for infinities and NaN, which JSON cannot carry.
 */
export function resolvePlain(text: string): ScalarValue {
  if (text === '') return null;
  const first = text.charCodeAt(0);
  if (isNumberStart(first)) {
    if (NOT_JSON.has(text)) throw new ScalarError(`${text} has no JSON form`);
    return parseNumber(text) ?? text;
  }
  if (text.length > LONGEST_WORD) return text;
  const word = WORDS.get(text);
  return word === undefined ? text : word;
}

const CORE = 'tag:yaml.org,2002:';

function refuse(text: string, tag: string): never {
  throw new ScalarError(`the value does not fit its tag ${tag}: ${text.slice(0, 40)}`);
}

function decodeBase64(text: string): string {
  const compact = text.replaceAll(/\s/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) refuse('(base64)', '!!binary');
  const bytes = Uint8Array.from(atob(compact), (char) => char.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

/**
 * The value of a scalar that carries an explicit tag.
 *
 * @param tag the full tag, such as `tag:yaml.org,2002:str` or `!custom`.
 * @throws ScalarError when the text does not fit the tag.
 */
export function resolveTagged(text: string, tag: string, quoted: boolean): ScalarValue {
  const plain = quoted ? text : resolvePlain(text);
  switch (tag) {
    case `${CORE}str`:
    case `${CORE}timestamp`:
      return text;
    case `${CORE}binary`:
      return decodeBase64(text);
    case `${CORE}null`:
      return plain === null ? null : refuse(text, '!!null');
    case `${CORE}bool`:
      return typeof plain === 'boolean' ? plain : refuse(text, '!!bool');
    case `${CORE}int`:
      return (typeof plain === 'number' && Number.isInteger(plain)) || typeof plain === 'bigint'
        ? plain
        : refuse(text, '!!int');
    case `${CORE}float`:
      return typeof plain === 'number' || typeof plain === 'bigint' ? plain : refuse(text, '!!float');
    default:
      return text;
  }
}
