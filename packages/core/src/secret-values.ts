/** Values that stand for one given elsewhere: variables, templates, references to a store of secrets. */
const REFERENCE =
  /^\$[({]|\$\([^)]{0,200}\)|\$\{[^}]{0,200}\}|\{\{|^\$[A-Z_][A-Z0-9_]{0,100}$|^\$[a-z_]{1,100}$|^\$[a-z][\w-]{0,60}[.:][\w.:-]{1,100}$|^%\w{1,100}%$|^<[^>]{0,200}>$|^\[[^\]]{0,200}\]$|^%[a-z.]{1,60}$|^@[./]|^@[\w.]{1,60}@$|^\{[A-Za-z_]\w{0,60}\}?$|^%\[|^#\{|^%\(|^\$\w{1,60}\/|^(?:file|env|vault|arn|ref\+\w{1,30}|op|awssm|gcpsm|azurekv|secretref|kms|sm):|^ENC\[|^AQICAH/;

const EXAMPLE =
  /example|change[-_ ]?(?:me|it|this)|replace[-_ ]?(?:me|with|this)|place[-_ ]?holder|redacted|dummy|sample|fake|insert[-_ ]|your[-_ ]|my[-_]?(?:password|secret|token|key)|todo|fixme|xxx|\*\*\*|\.\.\.|s3cr3t|passw0rd|not[-_]?(?:a[-_]?)?(?:real|secret)|for[-_ ]testing|test[-_ ]?(?:ing|only)|lorem/i;

/** Words that are somebody's first idea of a password: real ones, yet known to all. */
const WEAK =
  /^(?:admin|administrator|root|user|guest|default|test|demo|pass|passwd|password|secret|token|key|apikey|none|null|nil|undefined|unset|empty|string|text|postgres|postgresql|mysql|mariadb|mongo|mongodb|redis|rabbitmq|elastic|minio|minioadmin|grafana|keycloak|qwerty|letmein)\d{0,4}!?$/i;

const PATH = /^(?:[A-Za-z]:\\|~?\.{0,2}\/)(?:[\w.@-]{0,40}[/\\]){0,20}[\w.@-]{0,40}$/;
const PLAIN_URL = /^[a-z][a-z0-9+.-]{1,30}:\/\//i;
const NUMBER_OR_BOOLEAN = /^(?:[-+]?\d{0,20}(?:\.\d{1,20})?|true|false|yes|no|on|off|enabled|disabled)$/i;
/** Longer values are judged by their beginning. */
const SAMPLE = 4096;

/**
 * Why a value is no secret, or hardly one. `reference`: it names where the secret is. `example`: it is meant to be
 * replaced, or everybody knows it. Undefined when it may be a secret.
 */
export function placeholderOf(value: string): 'reference' | 'example' | undefined {
  const sample = value.slice(0, SAMPLE);
  if (REFERENCE.test(sample)) return 'reference';
  if (EXAMPLE.test(sample) || WEAK.test(sample)) return 'example';
  return new Set(sample.slice(-32)).size < 4 ? 'example' : undefined;
}

/** Whether a value is of a kind that no secret is: nothing, a number, a boolean, a path, an address. */
export function isPlainValue(value: string): boolean {
  const sample = value.slice(0, SAMPLE);
  return NUMBER_OR_BOOLEAN.test(sample) || PATH.test(sample) || PLAIN_URL.test(sample);
}

/** Shannon's entropy of a value's characters times their number, in bits: an upper bound of what it hides. */
export function entropyOf(value: string): number {
  const sample = value.slice(0, SAMPLE);
  const counts = new Map<string, number>();
  for (const character of sample) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / sample.length);
  return bits;
}

const OBJECT_NAME = /^[a-z]{1,30}(?:[-._/][a-z]{1,30}){0,12}(?:[-._/]\d{1,3})?$/;
const VARIABLE_NAME = /^[A-Z]{1,30}(?:_[A-Z]{1,30}){0,12}$/;

/** Whether a value reads as the name of an object, a key or a variable: words with marks between them. */
export function readsAsName(value: string): boolean {
  return OBJECT_NAME.test(value) || VARIABLE_NAME.test(value);
}

const NUMBERED_NAME = /^(?:[a-z]{1,30}\d{0,4}|\d{1,4})(?:[-._](?:[a-z]{1,30}\d{0,4}|\d{1,4})){1,12}$/;
/** What servers make such a half of a login as. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
/** More of them could hide a secret: a date has eight. */
const MOST_DIGITS = 8;

/**
 * Whether a value may be the name of an object that has numbers in it: words with marks between them, of which some end in a
 * year, a version or a number, as in `db-2024` and `pg15-login-v2`. What a machine makes has digits amid its letters, or more.
 */
export function readsAsNumberedName(value: string): boolean {
  if (!NUMBERED_NAME.test(value) || UUID.test(value) || !/[a-z]{2}/.test(value)) return false;
  return value.replaceAll(/\D/g, '').length <= MOST_DIGITS;
}

const CALL_OR_INDEX = /^[A-Za-z_][\w.:]{0,100}[([]/;
const MEMBER = /^[A-Za-z_]{1,60}(?:\.[A-Za-z_]{1,60}){1,10}$/;

/** Whether a value without quotes is an expression of a program, not a text: `os.environ["TOKEN"]`, `read_token()`. */
export function isExpression(value: string): boolean {
  return CALL_OR_INDEX.test(value) || MEMBER.test(value);
}

/** Whether a value looks as if a machine had made it: letters and digits mixed, long enough. */
export function looksRandom(value: string): boolean {
  return value.length >= 16 && /\d/.test(value) && /[A-Za-z]/.test(value) && entropyOf(value) >= 48;
}
