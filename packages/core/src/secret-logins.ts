import type { SecretConfidence } from './secret-format.ts';
import { judge } from './secret-judgement.ts';
import { isOpenLogin } from './secret-names.ts';
import { readsAsName } from './secret-values.ts';

/** Ways to authenticate of RFC 9110, and those that services made up. */
const SCHEMES =
  'Basic|Bearer|Token|Digest|OAuth|Hawk|Negotiate|NTLM|SSWS|GenieKey|Splunk|Signature|Api-?Key|Key|AWS4-HMAC-SHA256';
const WITH_SCHEME = new RegExp(`^(?:${SCHEMES})(?:\\\\?[ \\t]{1,4}|%20|\\+)(?=\\S)`, 'i');
const COOKIE = /^[\w!#$%&'*+.^`|~-]{1,200}=/;
const WITH_USER = /^[^\s:/]{0,200}:(?!\/\/)(?=\S{1,200}$)/;
/** What a server adds to a cookie that it sets (RFC 6265, and what browsers added). */
const ATTRIBUTE =
  /^(?:(?:path|domain|expires|max-age|samesite|priority)=|(?:secure|httponly|partitioned)[ \t]{0,4}$)/i;
/** Of nginx, Apache, HAProxy and Caddy, in this order: `$token`, `%{TOKEN}e`, `%[var(txn.token)]`, `{env.TOKEN}`. */
const PROXY_VARIABLE = /\$\{?[a-z_]|%[[{(]|\{[a-z_][\w.-]{0,100}\}|(?<!\S)(?:\$\d|\{[a-z_][\w.-]{0,100})$/i;
const MOST_COOKIES = 100;
/** Shorter ones are settings: `lang=en`. */
const LEAST_COOKIE = 6;

/** How a value of such a name is written: alone, or somewhere in a text that may be prose. */
export type LoginPlace = 'alone' | 'text';

/**
 * How sure it is that what a request shows to be let in holds a credential: after a scheme, in cookies, after the name of a
 * user, or as a whole. Undefined when it holds none: `Bearer $(TOKEN)`, `AUTH=ldap`.
 */
export function judgeLogin(name: string, value: string, place: LoginPlace): SecretConfidence | undefined {
  const [scheme] = WITH_SCHEME.exec(value) ?? [];
  if (scheme !== undefined) return judge('strong', value.slice(scheme.length));
  if (COOKIE.test(value)) return judgeCookies(value);
  const isOpen = isOpenLogin(name) || (place === 'text' && !/^x-/i.test(name));
  const [user] = WITH_USER.exec(value) ?? [];
  if (user !== undefined) return judgeUnless(isOpen && place === 'text', value.slice(user.length));
  return judgeUnless(isOpen, value);
}

/** Words are no credential where a name may as well ask for a way to sign in. */
function judgeUnless(isOpen: boolean, secret: string): SecretConfidence | undefined {
  if (isOpen && (readsAsName(secret) || !/\d/.test(secret) || secret.length < LEAST_OPEN)) return undefined;
  return judge('strong', secret);
}

const LEAST_OPEN = 8;

/** What the configuration of a proxy writes out of a header: without cookies that hold a variable, and attributes. */
export function literalOf(header: string): string {
  return cookiesOf(header)
    .filter((cookie) => !PROXY_VARIABLE.test(cookie))
    .join('; ');
}

function cookiesOf(value: string): string[] {
  return value.split(/;[ \t]*/, MOST_COOKIES).filter((cookie) => !ATTRIBUTE.test(cookie));
}

function judgeCookies(value: string): SecretConfidence | undefined {
  const found = cookiesOf(value)
    .map((cookie) => cookie.slice(cookie.indexOf('=') + 1))
    .map((cookie) => (cookie.length < LEAST_COOKIE ? undefined : judge('strong', cookie)));
  return ORDER.find((confidence) => found.includes(confidence));
}

const ORDER = ['high', 'medium', 'low'] as const satisfies readonly SecretConfidence[];

const COOKIES = /[^"'`\n\r]{1,4000}/y;
const CREDENTIAL = new RegExp(`(?:(?:${SCHEMES})(?:\\\\?[ \\t]{1,4}|%20))?[^\\s"'\`,;&|)\\]}]{1,4000}`, 'iy');

/** Where a value of such a name ends that begins at a place of a text and is not in quotes. */
export function loginEnd(name: string, text: string, at: number): number {
  const pattern = /cookies?$/i.test(name) ? COOKIES : CREDENTIAL;
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0] ?? '').length;
}

/** `user:password`, as the word after `-u`; undefined where nothing that could be a password is in it. */
export function judgeUserAndPassword(
  value: string,
): { readonly confidence: SecretConfidence; readonly start: number } | undefined {
  const [user] = WITH_USER.exec(value) ?? [];
  if (user === undefined) return undefined;
  const confidence = judge('strong', value.slice(user.length));
  return confidence && { confidence, start: user.length };
}
