import { decodeBase64, tokenChecksum } from './secret-encodings.ts';
import { isPlainValue, placeholderOf, readsAsName } from './secret-values.ts';

/** How sure a match is. `low` also stands for what looks like an example. */
export type SecretConfidence = 'high' | 'medium' | 'low';

/** A secret found in a value; never the secret itself. Offsets are UTF-16 code units, `end` exclusive. */
export interface SecretMatch {
  readonly rule: string;
  readonly confidence: SecretConfidence;
  readonly start: number;
  readonly end: number;
}

/** A form that secrets of one kind have. The pattern's group `secret`, else all of it, is the secret. */
interface Format {
  readonly rule: string;
  /** Text that every match contains: looked for first, because it is far cheaper. */
  readonly hint: string;
  /** Global, with indices. Every repetition is bounded or starts at a boundary, so that it takes linear time. */
  readonly pattern: RegExp;
  /** Of a secret; undefined when it is none after all. `high` when absent. */
  readonly confidence?: (secret: string) => SecretConfidence | undefined;
}

const CHECKED_BODY = 30;

/** A token whose last six characters check the thirty before; one that fails is made up, or a later form. */
function checked(token: string): SecretConfidence {
  const body = token.slice(token.indexOf('_') + 1);
  return tokenChecksum(body.slice(0, CHECKED_BODY)) === body.slice(CHECKED_BODY) ? 'high' : 'low';
}

function whenNoExample(secret: string): SecretConfidence | undefined {
  const placeholder = placeholderOf(secret);
  if (placeholder === 'reference') return undefined;
  return placeholder === 'example' ? 'low' : 'high';
}

function jwt(token: string): SecretConfidence | undefined {
  const header = decodeBase64(token.slice(0, token.indexOf('.')));
  return header !== undefined && /^\{.{0,2000}"alg"/s.test(header) ? 'high' : undefined;
}

function basic(encoded: string): SecretConfidence | undefined {
  const [, password] = /^[ -~]{0,200}?:([ -~]{1,200})$/.exec(decodeBase64(encoded) ?? '') ?? [];
  return password === undefined ? undefined : whenNoExample(password);
}

function bearer(token: string): SecretConfidence | undefined {
  return placeholderOf(token) === undefined && /[0-9]/.test(token) && /[A-Za-z]/.test(token)
    ? 'medium'
    : undefined;
}

function typed(password: string): SecretConfidence | undefined {
  const placeholder = isPlainValue(password) ? 'reference' : placeholderOf(password);
  if (placeholder === 'reference') return undefined;
  return placeholder === 'example' || readsAsName(password) ? 'low' : 'medium';
}

function encodedKey(encoded: string): SecretConfidence | undefined {
  const header = decodeBase64(encoded.slice(0, ENCODED_HEADER)) ?? '';
  return /^-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY/.test(header) ? 'high' : undefined;
}

/** Enough base64, in whole groups of four, for the first line of a private key. */
const ENCODED_HEADER = 80;

const FORMATS: readonly Format[] = [
  ...['ghp', 'gho', 'ghu', 'ghs', 'ghr'].map((prefix) => ({
    rule: 'github-token',
    hint: `${prefix}_`,
    pattern: new RegExp(`(?<![A-Za-z0-9])${prefix}_[A-Za-z0-9]{36}(?![A-Za-z0-9])`, 'dg'),
    confidence: checked,
  })),
  {
    rule: 'github-fine-grained-token',
    hint: 'github_pat_',
    pattern: /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9])/dg,
  },
  {
    rule: 'npm-token',
    hint: 'npm_',
    pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/dg,
    confidence: checked,
  },
  ...['AKIA', 'ASIA'].map((prefix) => ({
    rule: 'aws-access-key-id',
    hint: prefix,
    pattern: new RegExp(`(?<![A-Za-z0-9+/])${prefix}[A-Z2-7]{16}(?![A-Za-z0-9+/])`, 'dg'),
  })),
  {
    rule: 'google-api-key',
    hint: 'AIza',
    pattern: /(?<![\w-])AIza[\w-]{35}(?![\w-])/dg,
  },
  {
    rule: 'slack-token',
    hint: 'xox',
    pattern: /(?<![\w-])xox[abceoprs]-[A-Za-z0-9-]{10,300}/dg,
  },
  {
    rule: 'slack-webhook',
    hint: 'hooks.slack.com/services/',
    pattern: /hooks\.slack\.com\/services\/(?<secret>T[A-Z0-9]{6,12}\/B[A-Z0-9]{6,12}\/[A-Za-z0-9]{16,40})/dg,
  },
  {
    rule: 'stripe-key',
    hint: 'k_live_',
    pattern: /(?<![A-Za-z0-9])[rs]k_live_[A-Za-z0-9]{16,250}/dg,
  },
  {
    rule: 'sendgrid-key',
    hint: 'SG.',
    pattern: /(?<![\w.-])SG\.[\w-]{22}\.[\w-]{43}(?![\w-])/dg,
  },
  {
    rule: 'azure-storage-key',
    hint: 'AccountKey=',
    pattern: /AccountKey=(?<secret>[A-Za-z0-9+/]{86}==)/dg,
  },
  {
    rule: 'azure-shared-access-key',
    hint: 'SharedAccessKey=',
    pattern: /SharedAccessKey=(?<secret>[A-Za-z0-9+/]{43}=)/dg,
  },
  {
    rule: 'gitlab-token',
    hint: 'glpat-',
    pattern: /(?<![\w-])glpat-[\w-]{20,300}(?:\.[0-9a-z]{2}\.[0-9a-z]{9})?/dg,
  },
  {
    rule: 'digitalocean-token',
    hint: '_v1_',
    pattern: /(?<![A-Za-z0-9])do[opr]_v1_[a-f0-9]{64}(?![A-Za-z0-9])/dg,
  },
  {
    rule: 'hugging-face-token',
    hint: 'hf_',
    pattern: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{34}(?![A-Za-z0-9])/dg,
  },
  {
    rule: 'openai-key',
    hint: 'sk-',
    pattern: /(?<![\w-])sk-(?:proj|svcacct|admin)-[\w-]{20,300}/dg,
  },
  {
    rule: 'anthropic-key',
    hint: 'sk-ant-',
    pattern: /(?<![\w-])sk-ant-[\w-]{20,300}/dg,
  },
  {
    rule: 'pypi-token',
    hint: 'pypi-AgE',
    pattern: /(?<![\w-])pypi-AgE[\w-]{50,1000}/dg,
  },
  {
    rule: 'docker-token',
    hint: 'dckr_pat_',
    pattern: /(?<![\w-])dckr_pat_[\w-]{27}(?![\w-])/dg,
  },
  {
    rule: 'vault-token',
    hint: 'hvs.',
    pattern: /(?<![\w.-])hvs\.[\w-]{24,300}/dg,
  },
  {
    rule: 'age-key',
    hint: 'AGE-SECRET-KEY-1',
    pattern: /AGE-SECRET-KEY-1[0-9A-Z]{58}/dg,
  },
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
  ...[
    ['curl', '(?:-u|--user)[ =]{1,3}["\']?[\\w.@-]{0,100}:'],
    ['sshpass', '-p {0,3}["\']?'],
    ['redis-cli', '-a {1,3}["\']?'],
    ['mysql', '-p["\']?'],
  ].map(([program = '', flag = '']) => ({
    rule: 'command-line-password',
    hint: program,
    pattern: new RegExp(
      `(?<![\\w.-])${program}[a-z]{0,8} (?:[^\\n|;&]{0,200}? )?${flag}(?<secret>[^\\s"']{1,200})`,
      'dg',
    ),
    confidence: typed,
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
  for (const { rule, hint, pattern, confidence = whenNoExample } of FORMATS) {
    if (!text.includes(hint)) continue;
    for (const { 0: whole, index, indices, groups } of text.matchAll(pattern)) {
      const [start, end] = indices?.groups?.['secret'] ?? [index, index + whole.length];
      const sure = confidence(groups?.['secret'] ?? whole);
      if (sure !== undefined) found.push({ rule, confidence: sure, start, end });
    }
  }
  return found.concat(matchPrivateKeys(text));
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
