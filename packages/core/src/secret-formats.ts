import { COMMAND_FORMATS } from './secret-command-formats.ts';
import { decodeBase64 } from './secret-encodings.ts';
import {
  type Format,
  type SecretConfidence,
  type SecretMatch,
  typed,
  whenNoExample,
} from './secret-format.ts';
import { SERVICE_FORMATS } from './secret-service-formats.ts';
import { placeholderOf } from './secret-values.ts';

function jwt(token: string): SecretConfidence | undefined {
  const header = decodeBase64(token.slice(0, token.indexOf('.')));
  return header !== undefined && /^\{.{0,2000}"alg"/s.test(header) ? 'high' : undefined;
}

function basic(encoded: string): SecretConfidence | undefined {
  const [, password] = /^[ -~]{0,200}?:([ -~]{1,200})$/.exec(decodeBase64(encoded) ?? '') ?? [];
  return password === undefined ? undefined : whenNoExample(password);
}

/** The part behind the colon may be as long as the key of a service account. */
function registryLogin(encoded: string): SecretConfidence | undefined {
  const [, password] = /^[ -~]{1,200}?:(.+)$/s.exec(decodeBase64(encoded) ?? '') ?? [];
  return password === undefined ? undefined : whenNoExample(password);
}

function bearer(token: string): SecretConfidence | undefined {
  return placeholderOf(token) === undefined && /[0-9]/.test(token) && /[A-Za-z]/.test(token)
    ? 'medium'
    : undefined;
}

/** Of a form that permissions have as well: `orders:*:read:own:all`. */
function typedByNobodyElse(password: string): SecretConfidence | undefined {
  const sure = typed(password);
  return sure === 'medium' ? sure : undefined;
}

function encodedKey(encoded: string): SecretConfidence | undefined {
  const header = decodeBase64(encoded.slice(0, ENCODED_HEADER)) ?? '';
  return /^-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY/.test(header) ? 'high' : undefined;
}

/** Enough base64, in whole groups of four, for the first line of a private key. */
const ENCODED_HEADER = 80;

const FORMATS: readonly Format[] = [
  ...SERVICE_FORMATS,
  {
    rule: 'jwt',
    hint: 'eyJ',
    pattern: /(?<![\w-])eyJ[\w-]{10,2000}\.eyJ[\w-]{2,8000}\.[\w-]{0,1500}/dg,
    confidence: jwt,
  },
  {
    rule: 'basic-auth',
    hint: 'asic ',
    pattern: /(?<![\w-])[Bb]asic {1,4}(?<secret>[A-Za-z0-9+/_-]{4,500}={0,2})/dg,
    confidence: basic,
  },
  {
    rule: 'bearer-token',
    hint: 'earer ',
    pattern: /(?<![\w-])[Bb]earer {1,4}(?<secret>[\w.~+/-]{16,4000}={0,2})/dg,
    confidence: bearer,
  },
  {
    // In the configuration of docker, which may itself be a text in JSON.
    rule: 'registry-login',
    hint: '"auths',
    pattern: /"auth\\?"\s{0,10}:\s{0,10}\\?"(?<secret>[A-Za-z0-9+/]{4,8000}={0,2})/dg,
    confidence: registryLogin,
  },
  {
    // The private part of a JSON Web Key: `d`, or `k` where the key is symmetric.
    rule: 'private-key',
    hint: '"kty',
    pattern: /"[dk]\\?"\s{0,10}:\s{0,10}\\?"(?<secret>[\w-]{32,2000})/dg,
  },
  ...['PASSWORD', 'IDENTIFIED BY'].map((words) => ({
    rule: 'sql-password',
    hint: words,
    pattern: new RegExp(`(?<![\\w])${words} {1,3}'(?<secret>[^'\\n]{1,200})'`, 'dg'),
    confidence: typed,
  })),
  {
    // In base64, as in a kubeconfig.
    rule: 'private-key',
    hint: 'LS0tLS1CRUdJTi',
    pattern: /(?<![A-Za-z0-9+/])LS0tLS1CRUdJTi[A-Za-z0-9+/]{80,20000}={0,2}/dg,
    confidence: encodedKey,
  },
  ...COMMAND_FORMATS,
  ...['requirepass', 'masterauth'].map((setting) => ({
    // In a redis.conf.
    rule: 'configured-password',
    hint: setting,
    pattern: new RegExp(`(?<=^|\\n)[ \\t]{0,20}${setting}[ \\t]{1,20}["']?(?<secret>[^\\s"']{1,500})`, 'dg'),
    confidence: typed,
  })),
  ...[
    ['machine', 'machine\\s{1,20}\\S{1,255}'],
    ['default', 'default'],
  ].flatMap(([hint = '', whose = '']) =>
    // In a netrc, on one line or several.
    [
      'login\\s{1,20}\\S{1,200}\\s{1,99}password\\s{1,20}(?<secret>\\S{1,300})',
      'password\\s{1,20}(?<secret>\\S{1,300})\\s{1,99}login(?!\\S)',
    ].map((login) => ({
      rule: 'configured-password',
      hint,
      pattern: new RegExp(`(?<![\\w.-])${whose}\\s{1,99}${login}`, 'dg'),
      confidence: typed,
    })),
  ),
  ...['5432', '5433', '6432', '\\*'].map((port) => ({
    // In a pgpass: `host:port:database:user:password`.
    rule: 'configured-password',
    hint: `:${port.replace('\\', '')}:`,
    pattern: new RegExp(
      `(?<![\\w.:*-])(?:[\\w.-]{1,255}|\\*):${port}:(?:[\\w.-]{1,63}|\\*):[\\w.-]{1,63}:(?<secret>(?:[^\\s:\\\\"']|\\\\[:\\\\]){1,300})(?![^\\s"'])`,
      'dg',
    ),
    confidence: port === '\\*' ? typedByNobodyElse : typed,
  })),
  {
    rule: 'url-password',
    hint: 'jdbc:oracle:',
    pattern: /jdbc:oracle:\w{1,8}:[^\s:@/"'<>]{1,128}\/"?(?<secret>[^\s@"'<>]{1,200})"?@/dg,
    confidence: whenNoExample,
  },
  ...['tcp', 'unix'].map((network) => ({
    // As Go's driver of MySQL takes it: `user:password@tcp(host:port)/database`.
    rule: 'url-password',
    hint: `@${network}(`,
    pattern: new RegExp(`(?<![\\w.:/-])[\\w.-]{1,100}:(?<secret>[^\\s"'<>]{1,200}?)@${network}\\(`, 'dg'),
    confidence: whenNoExample,
  })),
  {
    // A password may hold an `@`, so it ends at the last one before the path.
    rule: 'url-password',
    hint: '://',
    pattern: /:\/\/[^\s:@/?#"'<>]{0,200}:(?<secret>[^\s/"'<>]{1,300})@/dg,
    confidence: whenNoExample,
  },
];

/** Secrets that show by their form alone, whatever they are called; in no order. */
export function matchFormats(text: string): SecretMatch[] {
  const found: SecretMatch[] = [];
  const lines = withoutContinuations(text);
  for (const { rule, hint, pattern, confidence = whenNoExample } of FORMATS) {
    if (!lines.includes(hint)) continue;
    for (const { 0: whole, index, indices, groups } of lines.matchAll(pattern)) {
      const [start, end] = indices?.groups?.['secret'] ?? [index, index + whole.length];
      const sure = confidence(groups?.['secret'] ?? whole);
      if (sure !== undefined) found.push({ rule, confidence: sure, start, end });
    }
  }
  return found.concat(matchPrivateKeys(text));
}

/** A text in which a line that goes on is one, as a shell reads it; of the same length. */
function withoutContinuations(text: string): string {
  return text.includes('\\\n') || text.includes('\\\r\n')
    ? text.replaceAll(/\\\r?\n[ \t]*/g, (gap) => ' '.repeat(gap.length))
    : text;
}

const PEM_BEGIN = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;
const PEM_END = /PRIVATE KEY(?: BLOCK)?-----/g;
/** How far behind the first line the key itself must begin; encrypted keys have headers before it. */
const PEM_LEAD = 400;

/** Private keys in PEM, with line breaks or, as in JSON, with `\n` written out. */
function matchPrivateKeys(text: string): SecretMatch[] {
  const found: SecretMatch[] = [];
  let from = text.indexOf('-----BEGIN ');
  while (from >= 0 && from < text.length) {
    PEM_BEGIN.lastIndex = from;
    const begin = PEM_BEGIN.exec(text);
    if (begin === null) break;
    const body = begin.index + begin[0].length;
    PEM_END.lastIndex = body;
    const last = PEM_END.exec(text);
    const end = last === null ? text.length : last.index + last[0].length;
    from = end;
    if (!/[A-Za-z0-9+/]{24}/.test(text.slice(body, Math.min(end, body + PEM_LEAD)))) continue;
    const isAccount = /"private_key": {0,4}"$/.test(text.slice(Math.max(0, begin.index - 20), begin.index));
    const rule = isAccount ? 'gcp-service-account-key' : 'private-key';
    found.push({ rule, confidence: last === null ? 'medium' : 'high', start: begin.index, end });
  }
  return found;
}
