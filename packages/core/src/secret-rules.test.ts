import { describe, expect, it } from 'vitest';
import { littleEndianChecksum, tokenChecksum } from './secret-encodings.ts';
import { detectSecrets } from './secret-rules.ts';

/** Text that looks random and is not: made from a seed, so that no secret stands in this file. */
function made(length: number, alphabet = ALNUM, seed = 7): string {
  let state = seed;
  let text = '';
  while (text.length < length) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += alphabet.charAt(Math.floor(state / 65_536) % alphabet.length);
  }
  return text;
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = UPPER.toLowerCase();
const ALNUM = `${UPPER}${LOWER}0123456789`;
const HEX = '0123456789abcdef';
const BASE32 = `${UPPER}234567`;
const BODY = made(30);
const CHECKED = BODY + tokenChecksum(BODY);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const JWT = [base64url('{"alg":"HS256","typ":"JWT"}'), base64url('{"sub":"1"}'), made(43)].join('.');
const KEY = ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ');
const KEY_END = ['-----END RSA', 'PRIVATE KEY-----'].join(' ');
const GLSA = `glsa_${made(32)}`;
const PEM = `${KEY}\n${made(64)}\n${made(20)}\n${KEY_END}`;

const FORMATS: readonly (readonly [rule: string, secret: string])[] = [
  ...['ghp', 'gho', 'ghu', 'ghs', 'ghr'].map((prefix) => ['github-token', `${prefix}_${CHECKED}`] as const),
  ['github-fine-grained-token', `${'github'}_pat_${made(22)}_${made(59)}`],
  ['npm-token', `npm_${CHECKED}`],
  ['aws-access-key-id', `AKIA${made(16, BASE32)}`],
  ['aws-access-key-id', `ASIA${made(16, BASE32)}`],
  ['google-api-key', `AIza${made(35)}`],
  ['slack-token', `xoxb-${made(12, '123456789')}-${made(24)}`],
  ['stripe-key', `sk_live_${made(24)}`],
  ['stripe-key', `rk_live_${made(24)}`],
  ['sendgrid-key', `SG.${made(22)}.${made(43)}`],
  ['gitlab-token', `glpat-${made(20)}`],
  ['digitalocean-token', `dop_v1_${made(64, HEX)}`],
  ['hugging-face-token', `hf_${made(34)}`],
  ['openai-key', `sk-proj-${made(48)}`],
  ['anthropic-key', `sk-ant-api03-${made(93)}`],
  ['pypi-token', `pypi-AgE${made(80)}`],
  ['docker-token', `dckr_pat_${made(27)}`],
  ['vault-token', `hvs.${made(90)}`],
  ['age-key', `AGE-SECRET-KEY-1${made(58, BASE32)}`],
  ['telegram-token', `${made(9, '123456789')}:AA${made(33)}`],
  ['shopify-token', `shpat_${made(32, HEX)}`],
  ['shopify-token', `shpss_${made(32, HEX)}`],
  ['terraform-cloud-token', `${made(14)}.atlasv1.${made(67)}`],
  ['grafana-token', `${GLSA}_${littleEndianChecksum(GLSA)}`],
  ['grafana-cloud-token', `glc_${base64('{"o":"1","n":"stack-1","k":"x"}').replace(/=+$/, '')}`],
  ['jwt', JWT],
  ['private-key', PEM],
];

describe('secrets by form', () => {
  it.each(FORMATS)('finds a %s, alone and inside a text', (rule, secret) => {
    const before = 'run with "';

    expect(detectSecrets(undefined, secret)).toEqual([
      { rule, confidence: 'high', start: 0, end: secret.length },
    ]);
    expect(detectSecrets(undefined, `${before}${secret}" (é)`)).toEqual([
      { rule, confidence: 'high', start: before.length, end: before.length + secret.length },
    ]);
  });

  it.each([
    ['azure-storage-key', 'AccountName=a;AccountKey=', `${made(86)}==`, ';EndpointSuffix=x'],
    ['azure-shared-access-key', 'Endpoint=sb://x/;SharedAccessKey=', `${made(43)}=`, ''],
    [
      'slack-webhook',
      'https://hooks.slack.com/services/',
      `T${made(9, UPPER)}/B${made(9, UPPER)}/${made(24)}`,
      '',
    ],
    ['discord-webhook', 'https://discord.com/api/webhooks/123456789012345678/', made(68), ''],
    [
      'discord-webhook',
      'https://discordapp.com/api/v10/webhooks/123456789012345678/',
      made(68),
      '?wait=true',
    ],
    [
      'azure-shared-access-signature',
      'https://a.blob.core.windows.net/c?sv=2022-11-02&sig=',
      `${made(40)}%2B%2Fa%3D`,
      '&se=2027',
    ],
    ['azure-shared-access-signature', 'SharedAccessSignature sr=sb&sig=', `${made(43)}=`, '&se=1'],
    ['mailgun-key', 'api:', `key-${made(32, HEX)}`, ''],
    ['registry-login', '{"auths":{"registry.example":{"auth": "', base64(`robot:${made(9)}`), '"}}}'],
    [
      'registry-login',
      '{"auths":{"registry.example":{"auth":"',
      base64(`_json_key:{"private_key": "${made(1500)}"}\n`),
      '"}}}',
    ],
    ['registry-login', '"{\\"auths\\":{\\"a\\":{\\"auth\\":\\"', base64(`robot:${made(9)}`), '\\"}}}"'],
    ['private-key', '{"kty":"EC","crv":"P-256","x":"a","d":"', made(43), '"}'],
    ['private-key', '{"kty": "oct", "k": "', made(43), '"}'],
    ['basic-auth', 'Authorization: Basic ', base64(`robot:${made(9)}`), ''],
    ['bearer-token', 'Authorization: Bearer ', made(40), ''],
    ['url-password', 'postgres://app:', 'w0nder-land', '@db.example.com:5432/app'],
    ['url-password', 'amqp://:', 'w0nder@land', '@mq:5672'],
    ['private-key', 'client-key-data: ', base64(PEM), '\n'],
    ['command-line-password', 'curl -s -u robot:', 'w0nderland', ' https://example.com'],
    ['command-line-password', 'sshpass -p "', 'w0nderland', '" ssh host'],
    ['command-line-password', 'redis-cli -h db -a ', 'w0nderland', ' ping'],
    ['command-line-password', 'mysqladmin ping -uroot -p', 'w0nderland', ''],
    ['sql-password', "CREATE USER app WITH PASSWORD '", 'w0nderland', "';"],
    ['sql-password', "CREATE USER app IDENTIFIED BY '", 'w0nderland', "';"],
    ['gcp-service-account-key', '{"private_key": "', PEM.replaceAll('\n', '\\n'), '\\n"}'],
  ])('finds a %s where it stands', (rule, before, secret, after) => {
    expect(detectSecrets(undefined, before + secret + after)).toMatchObject([
      { rule, start: before.length, end: before.length + secret.length },
    ]);
  });

  it('counts places in UTF-16 code units', () => {
    const before = '\u{1f511} ';

    expect(detectSecrets(undefined, `${before}AKIA${made(16, BASE32)}`)).toMatchObject([
      { start: 3, end: 23 },
    ]);
  });

  it('doubts tokens whose checksum is wrong, and examples', () => {
    const wrong = `${BODY}${tokenChecksum(`${BODY}x`)}`;

    expect(detectSecrets(undefined, `ghp_${wrong}`)).toMatchObject([{ confidence: 'low' }]);
    expect(detectSecrets(undefined, `npm_${wrong}`)).toMatchObject([{ confidence: 'low' }]);
    expect(detectSecrets(undefined, `${GLSA}_00000000`)).toMatchObject([{ confidence: 'low' }]);
    expect(detectSecrets(undefined, `AKIA${made(9, BASE32)}EXAMPLE`)).toMatchObject([{ confidence: 'low' }]);
    expect(detectSecrets(undefined, 'redis://user:changeme@host')).toMatchObject([{ confidence: 'low' }]);
  });

  it.each([
    ['a certificate', `-----BEGIN CERTIFICATE-----\n${made(64)}\n-----END CERTIFICATE-----`],
    ['a public key', `-----BEGIN PUBLIC KEY-----\n${made(64)}\n-----END PUBLIC KEY-----`],
    ['a private key that is left out', `${KEY}\n...\n${KEY_END}`],
    ['a token that is too short', `ghp_${made(20)}`],
    ['a token in a longer word', `x${`ghp_${CHECKED}`}y`],
    ['three words with dots whose first is no JSON', `eyJ${made(20)}.eyJ${made(20)}.${made(20)}`],
    ['an image with a digest', `registry.example.com/app@sha256:${made(64, HEX)}`],
    ['an address with a port', 'http://db.example.com:5432/app@2'],
    ['an address with a user only', 'ssh://git@example.com/repo.git'],
    ['an address whose password is a variable', 'postgres://app:$(DB_PASSWORD)@db/app'],
    ['an address whose password is a template', 'postgres://app:{{password}}@db/app'],
    ['a name with a digest in it', `cache-key-${made(32, HEX)}`],
    ['an address that is signed otherwise', `https://a.example/c?sig=${made(64, HEX)}`],
    ['a registry without a login', '{"auths":{"registry.example":{"auth":""}}}'],
    ['a way to sign in', '{"auths": ["oidc"], "auth": "kubernetes"}'],
    ['a public key in JSON', `{"kty":"EC","crv":"P-256","x":"${made(43)}","y":"${made(43)}"}`],
    ['an address of a webhook without its token', 'https://discord.com/api/webhooks/123456789012345678'],
    ['talk of basic authentication', 'We use Basic authentication here.'],
    ['a bearer token from a variable', `Authorization: Bearer \${TOKEN_OF_THE_DAY}`],
    ['a commit', made(40, HEX)],
    ['a certificate in base64', base64(`-----BEGIN CERTIFICATE-----\n${made(64)}\n${made(64)}`)],
    ['a user and group', 'curl --user 1000:1000 x'],
    ['a password from a variable', `mysql -uroot -p\${PASSWORD} && redis-cli -a $PASSWORD`],
    ['a password that is asked for', 'mysql -u root -p shop'],
    ['nothing', ''],
  ])('finds none in %s', (_name, text) => {
    expect(detectSecrets(undefined, text)).toEqual([]);
  });
});

describe('secrets by name', () => {
  it.each([
    ['DB_PASSWORD', 'hunter2', 'medium'],
    ['password', made(24), 'high'],
    ['PGPASSWORD', 'w0nderland', 'medium'],
    ['mysql-passwd', 'w0nderland', 'medium'],
    ['apiKey', made(24), 'high'],
    ['X_API_KEY', made(24), 'high'],
    ['clientSecret', made(24), 'high'],
    ['SLACK_BOT_TOKEN', made(24), 'high'],
    ['SECRET_KEY_BASE', made(64, HEX), 'low'],
    ['TOKEN_PROD', made(24), 'low'],
    ['privateKey', made(24), 'high'],
    ['registry.credentials', made(24), 'high'],
    ['ADMIN_PASSWORD_2', made(24), 'high'],
    ['password', 'changeme', 'low'],
    ['password', 'admin123', 'low'],
    ['password', 'xxxxxxxx', 'low'],
    ['API_TOKEN', 'my-token', 'low'],
    ['password', 'REPLACE', 'low'],
    ['password', 'dbPassword', 'low'],
    ['password', 'DB_PASSWORD', 'low'],
    ['secret', 'backend-tls', 'low'],
    ['secret', 'team/backend/password', 'low'],
    ['CONNECTION_STRING', 'host=db;user=app;mode=x', 'low'],
  ] as const)('doubts or believes %s with %s: %s', (name, value, confidence) => {
    expect(detectSecrets(name, value)).toEqual([
      { rule: 'named-credential', confidence, start: 0, end: value.length },
    ]);
  });

  it('knows the secret key of AWS by name and form', () => {
    const key = made(40);

    expect(detectSecrets('AWS_SECRET_ACCESS_KEY', key)).toMatchObject([
      { rule: 'aws-secret-access-key', confidence: 'high' },
    ]);
    expect(detectSecrets('s3.secretAccessKey', key)).toMatchObject([{ rule: 'aws-secret-access-key' }]);
  });

  it('takes the offsets without the white space around a value', () => {
    expect(detectSecrets('password', '  w0nderland\n')).toMatchObject([{ start: 2, end: 12 }]);
  });

  it.each([
    ['PASSWORD_FILE', '/run/secrets/password-1'],
    ['passwordFile', 'password-1-of-app'],
    ['TOKEN_PATH', made(24)],
    ['SECRET_NAME', 'backend-secret-9f8a'],
    ['secretName', 'backend-secret-9f8a'],
    ['existingSecret', 'backend-secret-9f8a'],
    ['imagePullSecret', 'registry-9f8a'],
    ['MAX_TOKENS', 'as-many-as-4096'],
    ['TOKEN_TTL', '3600-seconds'],
    ['PASSWORD_ENABLED', 'when-needed-1'],
    ['TOKEN_URL', 'https://example.com/oauth/token'],
    ['token', 'https://example.com/oauth/token'],
    ['AWS_ACCESS_KEY_ID', made(24)],
    ['publicKey', made(24)],
    ['key', made(24)],
    ['topologyKey', 'kubernetes.io/hostname-1'],
    ['passenger', 'w0nderland'],
    ['monkey', 'w0nderland'],
    ['tokenizer', 'w0nderland'],
    ['password', ''],
    ['password', '$(DB_PASSWORD)'],
    ['password', `x\${DB_PASSWORD}`],
    ['password', '$DB_PASSWORD'],
    ['password', '{{ .Values.password }}'],
    ['password', '<your password>'],
    ['password', 'true'],
    ['password', '123456'],
    ['token', '-1.5'],
    ['token', '/var/run/token'],
    ['token', './token-1'],
    ['token', 'vault:secret/data/app#token-1'],
    ['password', 'abcd'],
    ['password', '$(tr -dc a-z'],
    ['token', '%request.token'],
    ['clientSecret', '$oidc.login.clientSecret'],
    ['clientSecret', '$login:oidc.secret-1'],
  ])('finds none in %s with "%s"', (name, value) => {
    expect(detectSecrets(name, value)).toEqual([]);
  });
});

describe('secrets by a name inside a text', () => {
  it.each([
    ['--password=', 'w0nderland', ''],
    ['exec app --db-password ', 'w0nderland', ' --verbose'],
    ['app -user root --token="', 'w0nder land', '" run'],
    ['PASSWORD=', 'w0nderland', ' ./start'],
    ['{"user": "a", "password": "', 'wonderland', '"}'],
    ["password: '", 'wonderland', "'\nuser: a"],
    ['user: a\npassword: ', 'w0nderland', '\nhost: b'],
    ['user: a\n  - password: ', 'wonderland', '\n'],
    ['user: a\npassword: ', 'wonderland', ''],
    ['db.password=', 'wonder-l4nd!', '\ndb.user=a'],
    ['Server=db;User=a;Password=', 'w0nderland', ';Encrypt=true'],
    ['curl https://example.com/?a=b&api_key=', 'w0nderland', '&c=d'],
  ])('finds it after %s', (before, secret, after) => {
    expect(detectSecrets(undefined, before + secret + after)).toMatchObject([
      { rule: 'credential-assignment', start: before.length, end: before.length + secret.length },
    ]);
  });

  it.each([
    '--password=$(DB_PASSWORD)',
    '--password={{ .Values.db.password }}',
    `--password "\${DB_PASSWORD}"`,
    '--password-file=/run/secrets/password-1',
    '--token-ttl=15m-or-more1',
    '--service-account-key-file /etc/kubernetes/sa.key',
    'The token: expired, or the password: unknown.',
    'Give the password to nobody.',
    'token: expired',
    'Error.\nThe token: expired',
    'Error.\ntoken: expired at noon',
    'secretName: backend-secret-9f8a',
    'valueFrom: {secretKeyRef: {name: a-1, key: b-1}}',
    'sort-key=abcdef12',
    'password = os.environ["PASSWORD"]',
    'token := os.Getenv("TOKEN")',
    'const token = process.env.API_TOKEN',
    'password = config.getPassword();',
    'password = {PASSWORD}',
    'password=#{password}',
    'password=%(password)s',
    'password=@PASSWORD@',
    'pwd=$PWD/shop-1',
    'password=',
    '--password --verbose1',
  ])('finds none in %s', (text) => {
    expect(detectSecrets(undefined, text)).toEqual([]);
  });

  it('finds several, in order and without overlaps', () => {
    const text = `--password=w0nderland --url=https://a:l00king-glass@b --token=ghp_${CHECKED}`;

    expect(detectSecrets('args', text).map(({ rule, start, end }) => [rule, text.slice(start, end)])).toEqual(
      [
        ['credential-assignment', 'w0nderland'],
        ['url-password', 'l00king-glass'],
        ['github-token', `ghp_${CHECKED}`],
      ],
    );
  });
});
