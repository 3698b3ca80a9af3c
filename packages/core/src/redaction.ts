import { commandPasswords } from './command-passwords.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { credentialName, isCredentialHeader, isNamedByMap, USER_AND_PASSWORD } from './secret-names.ts';
import { detectSecrets } from './secret-rules.ts';
import { readsAsName, readsAsNumberedName } from './secret-values.ts';

/** What stands where a text was that must not be shown. */
export const REDACTED = '[redacted]';

/** A value in which every text that holds a secret, by name or by form, is replaced. Parts without any are not copied. */
export function redactDeep(value: unknown, how: Redaction = BY_NAME): Json {
  return redact(how, value as Json, undefined) ?? null;
}

/** What is taken for harmless. */
export interface Redaction {
  /** Whether a text is no secret, by the name that it has and by its form. */
  readonly isClean: (name: string | undefined, value: string) => boolean;
  /** Whether the keys of the map that is called so are labels: then they name nothing. */
  readonly isOfLabels: (name: string) => boolean;
}

const BY_NAME: Redaction = { isClean: (name, value) => !holdsSecret(name, value), isOfLabels: () => false };

/** Stands for what a map of labels is called. */
const LABELS = Symbol('labels');
type Name = string | typeof LABELS | undefined;

function redactObject(how: Redaction, object: JsonObject, outer: Name): JsonObject {
  let changed: [string, Json | undefined][] | undefined;
  const entries = Object.entries(object);
  for (const [index, [key, value]] of entries.entries()) {
    const redacted = redactEntry(how, object, [key, value], outer);
    if (redacted === value) continue;
    changed ??= [...entries];
    changed[index] = [key, redacted];
  }
  return changed === undefined ? object : Object.fromEntries(changed);
}

function redactEntry(
  how: Redaction,
  object: JsonObject,
  [key, value]: readonly [string, Json | undefined],
  outer: Name,
): Json | undefined {
  const isLabel = outer === LABELS;
  if (!isLabel && isMapped(outer, key, value)) return REDACTED;
  if (isObject(value) && how.isOfLabels(key)) return redactObject(how, value, LABELS);
  return redact(how, value, isLabel ? undefined : nameWithin(object, key, outer), wordsBefore(object, key));
}

function redact(
  how: Redaction,
  value: Json | undefined,
  name: string | undefined,
  before?: Json,
): Json | undefined {
  if (typeof value === 'string') return how.isClean(name, value) ? value : REDACTED;
  if (isObject(value)) return redactObject(how, value, name);
  if (!Array.isArray(value)) return value;
  const list: readonly Json[] = value;
  const passwords = commandPasswords(list, before);
  const redacted = list.map((item, index) =>
    passwords.has(index) ? REDACTED : (redact(how, item, flagName(list[index - 1]) ?? name) ?? null),
  );
  return redacted.some((item, index) => item !== list[index]) ? redacted : list;
}

/** Of what a chart makes a Secret of: `secret: { data: { admin: X } }`. */
const DATA = /^(?:data|stringData)$/;
const SECRETS = /secrets?$/i;

/**
 * What names a text in an object: its key; that of a `value`, or a `default`, is the `name`, `key` or `path` beside it, as of
 * variables and parameters, else what the object is called. The data of a Secret is called `secrets`.
 */
export function nameWithin(object: JsonObject, key: string, outer: string | undefined): string | undefined {
  if (outer !== undefined && DATA.test(key) && SECRETS.test(outer)) return 'secrets';
  if (key !== 'value' && key !== 'default') return key;
  // A toleration has a key and a value as well, and an operator: what it tolerates is no name.
  const { name, key: ownKey, path, operator } = object;
  const own = operator === undefined ? [name, ownKey, path] : [name];
  return own.find((each) => typeof each === 'string') ?? outer;
}

/** Whether what stands in a map is a credential by what that is called: `passwords: { admin: X }`. */
export function isMapped(map: string | undefined, key: string, value: Json | undefined): boolean {
  if (map === undefined || typeof value !== 'string' || !isNamedByMap(map, key)) return false;
  const isName = readsAsName(value) || readsAsNumberedName(value) || /\s/.test(value.trim());
  return !isName && holdsSecret(map, value);
}

/** The words of a command that stand before those of a key: a container's `command` before its `args`. */
function wordsBefore(object: JsonObject, key: string): Json | undefined {
  return key === 'args' ? object['command'] : undefined;
}

/** Whether a text is, or has in it, what must not be shown. */
export function holdsSecret(name: string | undefined, value: string): boolean {
  return (name !== undefined && isCredentialHeader(name)) || detectSecrets(name, value).length > 0;
}

/** A text with every secret in it replaced, for messages that quote what somebody else wrote. */
export function redactText(text: string): string {
  let redacted = '';
  let read = 0;
  for (const { start, end } of detectSecrets(undefined, text)) {
    redacted += text.slice(read, start) + REDACTED;
    read = end;
  }
  return redacted + text.slice(read);
}

/** Up to the last `@` before the path. */
const LOGIN_OF_ADDRESS = /^(https?:\/\/)[^\\/?#]*@/i;

/** An address of http or https without the name and password that it signs in with, and with every other secret replaced. */
export function redactAddress(address: string): string {
  return redactText(address.replaceAll(/\p{Cc}/gu, '').replace(LOGIN_OF_ADDRESS, '$1'));
}

const FLAG = /^--?([A-Za-z][\w.-]{0,80})$/;
/** Of curl and what takes the same options, other short ones before it or not: `-su`. */
const USER_FLAG = /^(?:-[A-Za-z]{0,6}[uU]|--(?:proxy-)?user)$/;

/** The name that a word of a command line gives to the word after it: `--password`, `hunter2`. */
export function flagName(word: unknown): string | undefined {
  if (typeof word !== 'string') return undefined;
  if (USER_FLAG.test(word)) return USER_AND_PASSWORD;
  const [, name = ''] = FLAG.exec(word) ?? [];
  const strength = credentialName(name);
  return strength !== undefined && strength !== 'weak' ? name : undefined;
}
