import { credentialName, detectSecrets, isPlainValue, type Json, placeholderOf } from '@bulwark/core';

/** What people take for a password when they think of none, and what programs come with. */
const FIRST_GUESSES = [
  'admin|administrator|root|guest|super|test|testing|demo|dev|development|example',
  'passwd|password|passphrase|pass|pwd|secret|token|key|apikey|login|welcome|letmein|qwerty|abc',
  'changeme|changeit|change|me|please|not|so|very|strong|secure|simple|easy|safe|minioadmin',
].join('|');
/** What programs, their parts and places are called: passwords of many, yet for a secret or token also references. */
const NAMES = [
  'user|default|master|top|sys|sa|app|api|service|web|my|the|our|local|staging|prod|production',
  'db|database|sql|cache|queue|postgres|postgresql|mysql|mariadb|mongo|mongodb|redis|rabbitmq|rabbit|elastic|kafka',
  'minio|grafana|keycloak|jenkins|sonar|wordpress|airflow|superset|gitlab|vault|nexus|oracle|neo',
].join('|');
const GUESSED = new RegExp(`^(?:${FIRST_GUESSES})$`);
const NAMED = new RegExp(`^(?:${NAMES})$`);
const DIGITS = /^(?:(?:0?123)+4?5?6?7?8?9?0?|(\d)\1{2,}|321|4321|54321|654321|112233|121212)$/;
const MOST_LETTERS = 40;
/** Who names a secret rarely gives it a password's name: `DB_SECRET: db-secret` may be a reference. */
const OF_PASSWORD = /(?:password|passwd|passphrase|passcode|pass|pwd)s?$/i;
const LEET: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
};

/** Whether a value is one of the first that an attacker tries for a credential of this name. */
export function isWellKnown(name: string | undefined, value: Json | undefined): boolean {
  if (name === undefined || typeof value !== 'string' || credentialName(name) !== 'strong') return false;
  const guess = value.trim();
  if (placeholderOf(guess) === 'reference') return false;
  const isPassword = OF_PASSWORD.test(name);
  if (/^\d+$/.test(guess)) return isPassword && guess.length >= 4 && DIGITS.test(guess);
  // A switch such as ALLOW_EMPTY_PASSWORD is no credential.
  if (isPlainValue(guess) || guess.length > MOST_LETTERS) return false;
  if (!isPassword && /[a-z][-._/][a-z]/i.test(guess)) return false;
  const own = wordsOf(name);
  const words = wordsOf(guess.replace(/[\d!.?#*]+$/, ''));
  const isName = (part: string): boolean => NAMED.test(part) || (own.includes(part) && !GUESSED.test(part));
  if (!isPassword && areMadeOf(words, isName)) return false;
  return areMadeOf(words, (part) => GUESSED.test(part) || isName(part));
}

/** Whether a value is one of the first guesses for what its name calls a password, not only a secret or a token. */
export function isWellKnownPassword(name: string | undefined, value: Json | undefined): boolean {
  return name !== undefined && OF_PASSWORD.test(name) && isWellKnown(name, value);
}

/** Whether a text holds an address with such a password in it, whatever it is called: `postgres://app:postgres@db/app`. */
export function hasWellKnownLogin(value: Json | undefined): boolean {
  if (typeof value !== 'string' || !value.includes('://')) return false;
  return detectSecrets(undefined, value).some(
    ({ rule, start, end }) => rule === 'url-password' && isWellKnown('password', value.slice(start, end)),
  );
}

/** Whether a value with the name of a credential is only there to be replaced, and nobody would guess it. */
export function isExample(name: string | undefined, value: Json | undefined): boolean {
  if (name === undefined || typeof value !== 'string' || isPlainValue(value.trim())) return false;
  if (isWellKnown(name, value)) return false;
  return credentialName(name) === 'strong' && placeholderOf(value.trim()) === 'example';
}

function wordsOf(text: string): readonly string[] {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9@$]+/)
    .filter((word) => word !== '');
}

/** Whether each of some words, as it stands or with its signs and digits read as letters, is parts that are known. */
function areMadeOf(words: readonly string[], isKnown: (part: string) => boolean): boolean {
  return (
    words.length > 0 &&
    words.every((word) =>
      [word, plain(word), plain(word).replace(/\d+$/, '')].some((spelling) => isMadeOf(spelling, isKnown)),
    )
  );
}

function plain(word: string): string {
  return word.replaceAll(/[013457@$]/g, (sign) => LEET[sign] ?? sign);
}

/** Whether a text is parts, one after the other, all of them known. */
function isMadeOf(text: string, isKnown: (part: string) => boolean): boolean {
  const reached = [true];
  for (let end = 1; end <= text.length; end++)
    reached[end] = reached.some(
      (isStart, start) => isStart && start < end && isKnown(text.slice(start, end)),
    );
  return text !== '' && reached[text.length] === true;
}
