import { littleEndianChecksum, tokenChecksum } from './secret-encodings.ts';
import { type Format, type SecretConfidence, whenNoExample } from './secret-format.ts';

const CHECKED_BODY = 30;

/** A token whose last six characters check the thirty before; one that fails is made up, or a later form. */
function checked(token: string): SecretConfidence {
  const body = token.slice(token.indexOf('_') + 1);
  return tokenChecksum(body.slice(0, CHECKED_BODY)) === body.slice(CHECKED_BODY) ? 'high' : 'low';
}

function grafana(token: string): SecretConfidence {
  const end = token.lastIndexOf('_');
  return littleEndianChecksum(token.slice(0, end)) === token.slice(end + 1).toLowerCase() ? 'high' : 'low';
}

/** The signature of an address is an HMAC-SHA256 in base64, of which an address escapes some characters. */
function signature(escaped: string): SecretConfidence | undefined {
  const text = escaped.replaceAll(/%2b/gi, '+').replaceAll(/%2f/gi, '/').replaceAll(/%3d/gi, '=');
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? whenNoExample(text) : undefined;
}

/** The form of an old name: a key of a cache may have it too. */
function medium(secret: string): SecretConfidence | undefined {
  return whenNoExample(secret) === 'high' ? 'medium' : undefined;
}

/** What services give out: tokens and keys with a form of their own. */
export const SERVICE_FORMATS: readonly Format[] = [
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
    rule: 'discord-webhook',
    hint: '/webhooks/',
    pattern: /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{17,20}\/(?<secret>[\w-]{60,100})/dg,
  },
  {
    rule: 'telegram-token',
    hint: ':AA',
    pattern: /(?<![\w:-])\d{8,10}:AA[\w-]{33}(?![\w-])/dg,
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
    rule: 'azure-shared-access-signature',
    hint: 'sig=',
    pattern: /[?&]sig=(?<secret>[A-Za-z0-9%+/]{43,130}={0,1})/dg,
    confidence: signature,
  },
  {
    rule: 'mailgun-key',
    hint: 'key-',
    pattern: /(?<![\w-])key-[a-f0-9]{32}(?![\w-])/dg,
    confidence: medium,
  },
  {
    rule: 'shopify-token',
    hint: 'shp',
    pattern: /(?<![A-Za-z0-9])shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}(?![A-Za-z0-9])/dg,
  },
  {
    rule: 'terraform-cloud-token',
    hint: '.atlasv1.',
    pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,100}/dg,
  },
  {
    rule: 'grafana-token',
    hint: 'glsa_',
    pattern: /(?<![A-Za-z0-9])glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}(?![A-Za-z0-9])/dg,
    confidence: grafana,
  },
  {
    // In base64: what it says of itself begins with `{"`.
    rule: 'grafana-cloud-token',
    hint: 'glc_eyJ',
    pattern: /(?<![A-Za-z0-9])glc_eyJ[A-Za-z0-9+/]{30,400}={0,2}/dg,
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
];
