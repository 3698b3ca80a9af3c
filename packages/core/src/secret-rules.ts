import type { SecretConfidence, SecretMatch } from './secret-format.ts';
import { matchFormats } from './secret-formats.ts';
import { judge } from './secret-judgement.ts';
import { judgeLogin, judgeUserAndPassword, type LoginPlace, literalOf, loginEnd } from './secret-logins.ts';
import { CREDENTIAL_HINT, credentialName, USER_AND_PASSWORD } from './secret-names.ts';
import { entropyOf, isExpression, placeholderOf } from './secret-values.ts';

export type { SecretConfidence, SecretMatch } from './secret-format.ts';

const NAMED = 'named-credential';
const ASSIGNED = 'credential-assignment';
const NOTHING: readonly SecretMatch[] = [];
/** What a value after a colon must hide, lest every sentence with `token: ...` be one. */
const LEAST_BITS_IN_PROSE = 15;

/**
 * Secrets in a text: by form anywhere in it, by the name of the whole of it, and by names inside it, such as
 * `--password=...`. In order of their place; they never overlap. Takes time linear in the text's length.
 *
 * @param name what the value is called where it stands: the name of a variable, or a key.
 */
export function detectSecrets(name: string | undefined, value: string): readonly SecretMatch[] {
  const found = matchFormats(value);
  const named = matchNamed(name, value, found.length > 0);
  if (named !== undefined) found.push(named);
  if (CREDENTIAL_HINT.test(value))
    for (const match of matchAssignments(value, overlapOf(found))) found.push(match);
  return found.length === 0 ? NOTHING : withoutOverlaps(found);
}

/** The whole value, when its name says that it is a credential. */
function matchNamed(name: string | undefined, value: string, hasForm: boolean): SecretMatch | undefined {
  const strength = name === undefined ? undefined : credentialName(name);
  if (name === undefined || strength === undefined) return undefined;
  const start = value.length - value.trimStart().length;
  const secret = value.trim();
  const end = start + secret.length;
  if (name === USER_AND_PASSWORD) {
    const { start: from = 0, confidence } = judgeUserAndPassword(secret) ?? {};
    return confidence && { rule: 'command-line-password', confidence, start: start + from, end };
  }
  if (strength === 'login') {
    // Forms such as basic-auth say more of what they find than the name does.
    const confidence = hasForm ? undefined : judgeLogin(name, secret, 'alone');
    return confidence && { rule: NAMED, confidence, start, end };
  }
  if (/aws|access.?key/i.test(name) && /secret/i.test(name) && AWS_SECRET.test(secret))
    return { rule: 'aws-secret-access-key', confidence: sureUnlessExample(secret), start, end };
  const confidence = judge(strength, secret);
  return confidence && { rule: NAMED, confidence, start, end };
}

const AWS_SECRET = /^[A-Za-z0-9+/]{40}$/;

function sureUnlessExample(secret: string): SecretConfidence {
  return placeholderOf(secret) === undefined ? 'high' : 'low';
}

/** `name=`, `name: ` or `"name": `; what follows is looked at only when the name is a credential's. */
const ASSIGNMENT =
  /(?<![\wÀ-ÿ.-])-{0,2}([A-Za-z_][\wÀ-ÿ.-]{0,80})(["']?[ \t]{0,3}[=:][ \t]{0,3})(?=[^\s=:])/g;
/** `--name value`. */
const FLAG = /(?<![\w.-])--?([A-Za-z][\w.-]{0,80})[ \t]{1,3}(?=[^\s-])/g;
/** What sets a header in the configuration of a proxy: `proxy_set_header name value;`, `header name "value"`. */
const DIRECTIVE =
  /(?:(?:set|add)[_-](?:input[_-])?headers?|cgi_param|header_(?:up|down)|header[ \t]{1,4}(?:set|add)|(?<![\w.-])header(?=[ \t]{1,4}["']?[\w-]{1,80}["']?[ \t]{1,8}["']))[ \t]{1,8}["']?([A-Za-z][\w-]{0,80})(["']?[ \t]{1,8})(?=\S)/gi;
const QUOTED = /(["'])((?:(?!\1)[^\n\\]|\\[^\n]){1,2000})\1/y;
const BARE = /[^\s"'`,;&|)\]}]{1,2000}/y;
const VARIABLE = /\{\{[^}]{0,200}\}\}|\$\{[^}]{0,200}\}|\$\([^)]{0,200}\)/y;

/** Such a directive up to a text in quotes that has the name with its value: `more_set_headers "Cookie: a=b"`. */
const BEFORE_NAME = /(?:set|add)[_-](?:input[_-])?headers?[ \t][^;{}\n]{0,120}["']$/i;
const LONGEST_BEFORE = 160;

function matchAssignments(text: string, isKnownAt: Overlap): SecretMatch[] {
  const named = [ASSIGNMENT, FLAG, DIRECTIVE].flatMap((pattern) => matchAfterNames(text, pattern, isKnownAt));
  return text.includes('</') ? named.concat(matchElements(text, isKnownAt)) : named;
}

/** An element of XML that holds text alone, as it is or in a section of CDATA. */
const ELEMENT =
  /<(?:[\w.-]{1,40}:)?([A-Za-z][\w.-]{0,80})(?:\s[^<>]{0,300})?>(?:\s{0,80}<!\[CDATA\[)?([^<>]{1,2000})(?:\]\]>\s{0,80})?<\/(?:[\w.-]{1,40}:)?\1\s{0,9}>/dg;

function matchElements(text: string, isKnownAt: Overlap): SecretMatch[] {
  const found: SecretMatch[] = [];
  for (const { 1: name = '', 2: inner = '', indices } of text.matchAll(ELEMENT)) {
    const strength = credentialName(name);
    const [from, to] = indices?.[2] ?? [0, 0];
    const start = from + inner.length - inner.trimStart().length;
    const end = to - (inner.length - inner.trimEnd().length);
    if (strength === undefined || start >= end) continue;
    const isKnown = isKnownAt(start, end);
    const before = { name, strength, place: 'text', isKnown, isProse: false } as const;
    const confidence = judgeAfter(before, text.slice(start, end));
    if (confidence !== undefined) found.push({ rule: ASSIGNED, confidence, start, end });
  }
  return found;
}

/** Looks at what follows each name. Never reads a value twice, which keeps `key=key=key=...` linear. */
function matchAfterNames(text: string, pattern: RegExp, isKnownAt: Overlap): SecretMatch[] {
  const found: SecretMatch[] = [];
  let read = 0;
  for (const { 0: whole, 1: name = '', 2: separator = '', index } of text.matchAll(pattern)) {
    const strength = index < read ? undefined : credentialName(name);
    if (strength === undefined) continue;
    const { start, end, isQuoted } = valueAfter(
      text,
      index + whole.length,
      loginFor({ name, strength }, pattern),
    );
    read = end;
    const secret = text.slice(start, end);
    if (!isQuoted && isExpression(secret)) continue;
    const isPlainColon = separator.includes(':') && !/["']/.test(separator) && !isQuoted;
    const isProse = isPlainColon && !HEADER.test(name) && !isWholeLine(text, index, end);
    const isKnown = isKnownAt(start, end);
    const place = placeOf(text, index, pattern);
    const confidence = judgeAfter({ name, strength, place, isKnown, isProse }, secret);
    if (confidence !== undefined) found.push({ rule: ASSIGNED, confidence, start, end });
  }
  return found;
}

/** Whether a part of a text overlaps with what was found in it before. */
type Overlap = (start: number, end: number) => boolean;

/** Asked for every name of a text, of which there may be as many as of what was found. */
function overlapOf(found: readonly SecretMatch[]): Overlap {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { start, end } of found.toSorted((a, b) => a.start - b.start)) {
    const last = ends.length - 1;
    if (last >= 0 && start <= (ends[last] ?? 0)) ends[last] = Math.max(ends[last] ?? 0, end);
    else {
      starts.push(start);
      ends.push(end);
    }
  }
  return (start, end) => {
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((ends[middle] ?? 0) > start) high = middle;
      else low = middle + 1;
    }
    return low < starts.length && (starts[low] ?? 0) < end;
  };
}

/** A name in a text, and how it stands there. */
interface Before {
  readonly name: string;
  readonly strength: NonNullable<ReturnType<typeof credentialName>>;
  readonly place: LoginPlace;
  readonly isKnown: boolean;
  readonly isProse: boolean;
}

/** What says how a login ends that is not in quotes: a semicolon ends a directive, also one with cookies. */
function loginFor(
  { name, strength }: Pick<Before, 'name' | 'strength'>,
  pattern: RegExp,
): string | undefined {
  if (strength !== 'login') return undefined;
  return pattern === DIRECTIVE ? 'authorization' : name;
}

/** Whether what is named at a place of a text is a header that the configuration of a proxy sets, or stands in any text. */
function placeOf(text: string, at: number, pattern: RegExp): LoginPlace {
  if (pattern === DIRECTIVE) return 'alone';
  const mark = text.charAt(at - 1);
  if (mark !== '"' && mark !== "'") return 'text';
  return BEFORE_NAME.test(text.slice(Math.max(0, at - LONGEST_BEFORE), at)) ? 'alone' : 'text';
}

function judgeAfter(before: Before, value: string): SecretConfidence | undefined {
  const { name, strength, place, isKnown, isProse } = before;
  const secret = place === 'alone' ? literalOf(value) : value;
  // Forms such as basic-auth say more of what they find than the name before it does.
  if (strength === 'login') return isKnown ? undefined : judgeLogin(name, secret, place);
  return place === 'text' && isProse && !isMixed(secret) ? undefined : judge(strength, secret);
}

/** Names that stand in no sentence. */
const HEADER = /^(?:x|private|job|deploy)-[a-z-]+$/i;

/** Whether a name and value fill a line of several, as in a configuration file, and are not part of a sentence. */
function isWholeLine(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - MAX_INDENT - 2), start);
  const after = text.charAt(end);
  if (after !== '' && after !== '\n' && after !== '\r') return false;
  return BLANK_TO_LINE_START.test(before) && (after !== '' || before.includes('\n'));
}

const MAX_INDENT = 40;
const BLANK_TO_LINE_START = /(?:^|\n)[ \t-]{0,40}$/;

/** The value that stands at a place of a text: a variable or template, a text in quotes, or up to the next break. */
function valueAfter(
  text: string,
  at: number,
  login: string | undefined,
): { readonly start: number; readonly end: number; readonly isQuoted: boolean } {
  const variable = sticky(VARIABLE, text, at);
  if (variable !== undefined) return { start: at, end: at + variable.length, isQuoted: false };
  const quoted = sticky(QUOTED, text, at);
  if (quoted !== undefined) return { start: at + 1, end: at + quoted.length - 1, isQuoted: true };
  if (login !== undefined) return { start: at, end: loginEnd(login, text, at), isQuoted: false };
  const bare = sticky(BARE, text, at) ?? '';
  return { start: at, end: at + bare.length, isQuoted: false };
}

function sticky(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function isMixed(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value) && entropyOf(value) >= LEAST_BITS_IN_PROSE;
}

/** How much a match tells, most first: a known form says more than a name at the same confidence. */
function rankOf({ confidence, rule }: SecretMatch): number {
  const sure = { high: 0, medium: 2, low: 4 } as const satisfies Record<SecretConfidence, number>;
  return sure[confidence] + (rule === NAMED || rule === ASSIGNED ? 1 : 0);
}

/** The most telling of matches that overlap, the longest of equals; in order of place. */
function withoutOverlaps(found: readonly SecretMatch[]): SecretMatch[] {
  const inOrder = found.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const kept: SecretMatch[] = [];
  for (const match of inOrder) {
    const last = kept.at(-1);
    if (last === undefined || match.start >= last.end) kept.push(match);
    else if (rankOf(match) < rankOf(last)) kept[kept.length - 1] = match;
  }
  return kept;
}
