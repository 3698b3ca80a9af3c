import { decodeBase64, detectSecrets, type Json, type SecretMatch } from '@bulwark/core';
import { worthReport } from './found-secrets.ts';
import { isWellKnown, isWellKnownPassword } from './weak-credentials.ts';

const RULE = 'well-known-password';
const NOTHING: readonly SecretMatch[] = [];
/** `--password=x` as a word of its own. */
const FLAG_WITH_VALUE = /^--?([A-Za-z][\w.-]{0,80})=(.+)$/;
/** The name before a value: `name=`, `name: `, `"name": "`, `--name `. */
const NAME_BEFORE = /([A-Za-z_][\w.-]{0,80})["']?[ \t]{0,3}(?:[=:][ \t]{0,3}|[ \t])["']?$/;
/** As much of a text as a name and what follows it may take. */
const LEAD = 100;
/** What only a password is found by. */
const OF_LOGINS: ReadonlySet<string> = new Set(['url-password', 'command-line-password', 'sql-password']);

/** The secrets in a field, and what everybody tries first where its name calls it a credential. */
export function fieldSecrets(
  name: string | undefined,
  value: Json | undefined,
  doubtful: boolean,
): readonly SecretMatch[] {
  return isWellKnown(name, value) ? wellKnown(value) : textSecretsOrGuesses(name, value, doubtful);
}

/** The secrets in the word after a flag. After one that names no password may stand the name of a Secret. */
export function flagSecrets(flag: string, value: string, doubtful: boolean): readonly SecretMatch[] {
  // After -u stands the name of a user, with a password or without.
  const isGuess = !flag.includes(':') && isWellKnownPassword(flag, value);
  return isGuess ? wellKnown(value) : textSecretsOrGuesses(flag, value, doubtful);
}

/** The secrets in a text, and the passwords in it that everybody tries first, in order of their place. */
export function textSecretsOrGuesses(
  name: string | undefined,
  value: Json | undefined,
  doubtful: boolean,
): readonly SecretMatch[] {
  if (typeof value !== 'string') return NOTHING;
  const [, flag, given] = FLAG_WITH_VALUE.exec(value) ?? [];
  if (isWellKnownPassword(flag, given)) return wellKnown(value);
  const found = detectSecrets(name, value).map((match) =>
    match.confidence === 'low' && isGuessed(value, match) ? wellKnownAt(match.start, match.end) : match,
  );
  return worthReport(value, found, doubtful);
}

function wellKnown(value: Json | undefined): readonly SecretMatch[] {
  return [wellKnownAt(0, typeof value === 'string' ? value.length : 0)];
}

function wellKnownAt(start: number, end: number): SecretMatch {
  return { rule: RULE, confidence: 'high', start, end };
}

function isGuessed(text: string, { rule, start, end }: SecretMatch): boolean {
  const value = text.slice(start, end);
  if (OF_LOGINS.has(rule)) return isWellKnownPassword('password', value);
  if (rule === 'basic-auth')
    return isWellKnownPassword('password', decodeBase64(value)?.replace(/^[^:]*:/, ''));
  const [, name = ''] = NAME_BEFORE.exec(text.slice(Math.max(0, start - LEAD), start)) ?? [];
  return !isLabel(name, value) && isWellKnownPassword(name, value);
}

/** What a page calls a field: `password: Password`. */
function isLabel(name: string, value: string): boolean {
  return /^[A-Z][a-z]+$/.test(value) && name.toLowerCase().endsWith(value.toLowerCase());
}
