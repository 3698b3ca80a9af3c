import { isObject, type Json } from './json.ts';
import { credentialName, isCredentialHeader, USER_AND_PASSWORD } from './secret-names.ts';
import { detectSecrets } from './secret-rules.ts';

/** What stands where a text was that must not be shown. */
export const REDACTED = '[redacted]';

/** A copy of a value in which every text that holds a secret, by name or by form, is replaced. */
export function redactDeep(value: unknown): Json {
  return redact(value as Json, undefined);
}

function redact(value: Json | undefined, name: string | undefined): Json {
  if (typeof value === 'string') return holdsSecret(name, value) ? REDACTED : value;
  if (Array.isArray(value))
    return value.map((item, index) => redact(item, flagName(value[index - 1]) ?? name));
  if (!isObject(value)) return value ?? null;
  const own = typeof value['name'] === 'string' ? value['name'] : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, redact(item, key === 'value' ? own : key)]),
  );
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
