import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from './json.ts';
import { flagName, redactDeep, redactText } from './redaction.ts';
import { redactContent } from './security-content/redact-content.ts';

describe('redactDeep', () => {
  const redacted = '[redacted]';

  it.each([
    ['by its key', { password: 'w0nderland' }, { password: redacted }],
    ['by the name beside it', { name: 'TOKEN', value: 'l00king' }, { name: 'TOKEN', value: redacted }],
    ['by its form', ['https://a:w0nderland@b'], [redacted]],
    [
      'by the header that it is',
      [
        { name: 'Authorization', value: 'Token w0nderland' },
        { name: 'cookie', value: 'id=1' },
      ],
      [
        { name: 'Authorization', value: redacted },
        { name: 'cookie', value: redacted },
      ],
    ],
    ['by the name of its list', { tokens: ['l00king'] }, { tokens: [redacted] }],
    [
      'by the flag before it',
      ['--password', 'w0nderland', '-v', 'w0nderland'],
      ['--password', redacted, '-v', 'w0nderland'],
    ],
  ])('replaces a secret that is known %s', (_how, value, expected) => {
    expect(redactDeep(value)).toEqual(expected);
  });

  const planted = 'pl4nted-Value0014';
  const basic = Buffer.from(`robot:${planted}`).toString('base64');
  const HEADERS: readonly (readonly [name: string, value: string])[] = [
    ['Authorization', 'Basic PLANTEDHDRVALUE0014'],
    ['authorization', `Basic ${basic}`],
    ['Authorization', `Token ${planted}`],
    ['Authorization', `Bearer ${planted}`],
    ['Authorization', 'Bearer wonderlands'],
    ['Authorization', `ApiKey ${planted}`],
    ['AUTHORIZATION', planted],
    ['Proxy-Authorization', `Basic ${basic}`],
    ['X-Forwarded-Authorization', planted],
    ['HTTP_AUTHORIZATION', `Token ${planted}`],
    ['Cookie', `session=${planted}; lang=en`],
    ['Set-Cookie', `lang=en; sid=${planted}`],
    ['RABBITMQ_ERLANG_COOKIE', planted],
    ['X-Auth', planted],
    ['X-Auth', 'wonderlands'],
    ['X-Auth-Token', planted],
    ['X-Auth-Key', planted],
    ['X-Auth-User', planted],
    ['X-Api-Key', planted],
    ['X-Functions-Key', planted],
    ['BASIC_AUTH', `admin:${planted}`],
    ['BASIC_AUTH', 'admin:wonderland'],
    ['basicAuth', `admin:${planted}`],
    ['REDIS_AUTH', planted],
  ];
  it.each(HEADERS)('replaces the value of the header or variable %s: %s', (name, value) => {
    expect(redactDeep([{ name, value }])).toEqual([{ name, value: redacted }]);
    expect(redactDeep({ [name]: value })).toEqual({ [name]: redacted });
  });

  it.each([
    [['-u', `admin:${planted}`]],
    [['-su', `admin:${planted}`]],
    [['--user', 'admin:wonderland']],
    [['--proxy-user', `admin:${planted}`]],
    [['--basic-auth', `admin:${planted}`]],
    [['-H', `Authorization: Token ${planted}`]],
    [['-H', 'Authorization: Basic PLANTEDHDRVALUE0014']],
    [['-H', `Authorization: ${planted}`]],
    [['-H', `authorization: Bearer ${planted}`]],
    [['--header', `Cookie: lang=en; session=${planted}`]],
    [['-H', `X-Auth: ${planted}`]],
    [['-H', 'X-Auth-Token: wonderlands']],
    [['-H', 'X-Api-Key: wonderlands']],
    [['-c', `curl -H "Authorization: Token ${planted}" https://a`]],
    [['-c', `curl -H 'Cookie: session=${planted}' https://a`]],
    [['-H', `--header=X-Auth-Key: ${planted}`]],
    [['-v', `-uadmin:${planted}`]],
    [['-v', `--user=admin:${planted}`]],
    [['-v', `--otlp-headers=authorization=Basic%20${planted}`]],
  ])('replaces what lets a request in, in the words of a command: %j', ([flag = '', word = '']) => {
    expect(redactDeep({ args: [flag, word] })).toEqual({ args: [flag, redacted] });
  });

  it.each([
    { name: 'Host', value: 'app.example.com' },
    { name: 'Accept', value: 'application/json; q=0.9' },
    { name: 'User-Agent', value: 'kube-probe/1.34' },
    { name: 'X-Forwarded-Proto', value: 'https' },
    { name: 'X-Request-Id', value: planted },
    { name: 'Origin', value: 'https://app.example.com' },
    { name: 'BASIC_AUTH', value: 'true' },
    { name: 'BASIC_AUTH', value: '$(LOGIN)' },
    { name: 'HTTP_AUTHORIZATION', value: 'Bearer $(TOKEN)' },
    { name: 'Set-Cookie', value: 'session=$(SESSION); lang=en' },
    { name: 'AUTH', value: 'ldap' },
    { name: 'AUTH', value: 'OAuth2' },
    { name: 'ENABLE_AUTH', value: 'when-needed' },
    { name: 'AUTHORIZATION_MODE', value: 'Node,RBAC' },
    { name: 'AUTHORIZATION_URL', value: 'https://login.example.com/authorize' },
    { name: 'COOKIE_DOMAIN', value: 'shop.example.com' },
    { name: 'SESSION_COOKIE_NAME', value: 'shop-session-id' },
    { name: 'author', value: 'somebody-1234' },
    { args: ['-u', 'root', '--user', '1000:1000', '-u', 'https://a.example:8080/b'] },
    { args: ['--authorization-mode=Node,RBAC', '--auth=ldap', '-H', 'Accept: text/html'] },
    { args: ['-H', 'Authorization: Bearer $TOKEN', '-u', 'admin:$(PASSWORD)'] },
    { message: 'authorization: denied by the webhook, cookie: none' },
  ])('leaves ordinary headers, variables and references: %j', (value) => {
    expect(redactDeep([value])).toEqual([value]);
  });

  const names = ['X-Api-Key', '"X-Api-Key"', "'X-Auth-Token'", 'Authorization', '"authorization"', 'Cookie'];
  const schemes = ['', 'Bearer ', 'Basic ', 'Token ', 'ApiKey '];
  const directives = ['proxy_set_header', 'grpc_set_header', 'add_header', 'more_set_headers'].concat([
    'http-request set-header',
    'RequestHeader set',
    'header_up',
    'header',
  ]);
  const secrets = ['wonderlands', planted, '7f1a2b3c-0d4e-4f5a-8b6c-9d0e1f2a3b4c'];
  const directive = fc.tuple(
    fc.constantFrom(...directives),
    fc.constantFrom(...names),
    fc.constantFrom(' ', '  ', '\t'),
  );

  it('replaces the value of a header that the configuration of a proxy sets', () => {
    fc.assert(
      fc.property(
        directive,
        fc.constantFrom(...schemes),
        fc.constantFrom(...secrets),
        fc.constantFrom('"', "'", ''),
        ([word, name, blank], scheme, secret, mark) => {
          const quote = word === 'header' && mark === '' ? '"' : mark;
          const start = `${word} ${name}${blank}${quote}`;
          const isLogin = /auth|cookie/i.test(name) && !/token/i.test(name);
          const text = `${start}${isLogin ? scheme : ''}${secret}${quote};`;
          expect(redactDeep({ 'configuration-snippet': `a on;\n  ${text}\nb off;` })).toEqual({
            'configuration-snippet': redacted,
          });
          expect(redactText(text)).not.toContain(secret);
          expect(redactText(text).startsWith(start)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('leaves such a header that is a variable, empty or no credential', () => {
    fc.assert(
      fc.property(
        directive,
        fc.constantFrom('$http_authorization', '"$http_x_api_key"', `"\${KEY}"`, '""', '"{{ .key }}"'),
        ([word, name, blank], value) => {
          const text = `${word} ${name}${blank}${value};`;
          expect(redactDeep({ 'configuration-snippet': text })).toEqual({ 'configuration-snippet': text });
        },
      ),
      { numRuns: 500 },
    );
  });

  const before = fc.tuple(
    fc.constantFrom(
      'more_set_headers ',
      'more_set_input_headers ',
      'more_set_headers -s 404\t',
      "more_set_headers 'X-Frame-Options: DENY' ",
    ),
    fc.constantFrom('"', "'"),
  );
  /** Headers with what a proxy writes into them: before the secret, or the variable that has it, and after it. */
  const written = fc.constantFrom(
    ...[
      ['X-Api-Key: ', ''],
      ['Api-Key: ', ''],
      ['X-Auth-Token: ', ''],
      ['Authorization: ', ''],
      ['Authorization: Bearer ', ''],
      ['Cookie: ', ''],
      ['Cookie: lang=en; sid=', ''],
      ['Set-Cookie: sid=', '; Path=/; HttpOnly'],
    ].map(([start = '', end = '']) => ({ start, end })),
  );

  it('replaces a header that is set in one text with its name, and leaves one that has its secret from a variable', () => {
    fc.assert(
      fc.property(
        before,
        written,
        fc.constantFrom(...secrets.slice(1)),
        fc.constantFrom('$http_x_api_key_v2', `\${jwt_2}`, '$cookie_sid2'),
        ([word, mark], { start, end }, secret, variable) => {
          const text = (value: string) => `a on;\n  ${word}${mark}${start}${value}${end}${mark};\nb off;`;
          const snippet = (value: string) => ({ 'configuration-snippet': text(value) });

          expect(redactDeep(snippet(secret))).toEqual({ 'configuration-snippet': redacted });
          expect(redactText(text(secret))).not.toContain(secret);
          expect(redactDeep(snippet(variable))).toEqual(snippet(variable));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    'proxy_set_header Host "app.example.com";',
    'proxy_set_header Authorization "Bearer $token";',
    `proxy_set_header X-Request-Id ${planted};`,
    'proxy_hide_header X-Api-Key;\nproxy_pass_header Authorization;',
    'add_header Access-Control-Allow-Headers "Authorization, X-Api-Key";',
    'more_set_headers "Access-Control-Allow-Headers: Authorization, X-Api-Key";',
    'http-request set-header X-Api-Key %[var(txn.key)]',
    'the header X-Api-Key required by the gateway, the header Authorization is missing',
  ])('leaves what sets or names no credential: %s', (text) => {
    expect(redactDeep({ 'configuration-snippet': text })).toEqual({ 'configuration-snippet': text });
  });

  it.each([
    ['# proxy_set_header X-Auth-Request-Redirect ', '$scheme://$host$request_uri', ';'],
    ['proxy_set_header Cookie "', '$http_cookie; lang=$lang', '";'],
    ['proxy_set_header Cookie "$http_cookie; sid=', '$sid', '";'],
    ['proxy_set_header Authorization "Bearer ', `\${token}`, '";'],
    ['proxy_set_header X-Auth-User ', '$1', ';'],
    ['RequestHeader set Authorization "Bearer ', '%{OIDC_access_token}e', '"'],
    ['RequestHeader set X-Auth-User ', '%{REMOTE_USER}s', ''],
    ['header_up Authorization "Bearer ', '{env.API_TOKEN}', '"'],
    ['header_up Authorization Bearer ', '{env.API_TOKEN}', ''],
    ['header_up Authorization "Bearer ', '{$API_TOKEN}', '"'],
    ['header_up X-Api-Key ', '{http.request.header.X-Key}', ''],
    ['http-request set-header Authorization Bearer\\ ', '%[var(txn.jwt)]', ''],
    ['add_header Set-Cookie "lang=', 'en', '; Path=/; HttpOnly; SameSite=Strict";'],
    ['add_header Set-Cookie "lang=', '$lang', '; Domain=app.internal; Secure; HttpOnly";'],
    ['more_set_headers "Set-Cookie: lang=', 'en', '; Max-Age=31536000; Secure; HttpOnly";'],
  ])('takes a secret for one in `%s`, and `%s` there for none', (start, reference, end) => {
    const harmless = `${start}${reference}${end}`;
    expect(redactDeep({ 'configuration-snippet': harmless })).toEqual({ 'configuration-snippet': harmless });
    for (const secret of [planted, 'Tr0ub4dor&3{x', '7f1a2b3c-0d4e-4f5a-8b6c-9d0e1f2a3b4c'])
      expect(redactDeep({ 'configuration-snippet': `${start}${secret}${end}` })).toEqual({
        'configuration-snippet': redacted,
      });
  });

  it('leaves everything else', () => {
    const value = { image: 'a:1', args: ['--level', 'debug', null, 7], password: null };

    expect(redactDeep(value)).toEqual(value);
  });
});

describe('redactText', () => {
  it.each([
    [
      'https://a:w0nderland@b/c and --password=l00king!',
      'https://a:[redacted]@b/c and --password=[redacted]',
    ],
    ['nothing of the kind', 'nothing of the kind'],
    ['', ''],
  ])('makes of "%s" "%s"', (text, redacted) => {
    expect(redactText(text)).toBe(redacted);
  });
});

describe('flagName', () => {
  it.each([
    ['--db-password', 'db-password'],
    ['-token', 'token'],
    ['--password=x', undefined],
    ['--password-file', undefined],
    ['-p', undefined],
    ['-u', 'user:password'],
    ['--user', 'user:password'],
    ['--basic-auth', 'basic-auth'],
    ['password', undefined],
    [7, undefined],
  ])('of %s is %s', (word, name) => {
    expect(flagName(word)).toBe(name);
  });
});

describe('what is called a credential by what it stands in', () => {
  const planted = 'pl4nted-Value0014';
  const redacted = '[redacted]';

  it.each<[string, object, object]>([
    [
      'a parameter with a default',
      { params: [{ name: 'db-password', type: 'string', default: planted }] },
      { params: [{ name: 'db-password', type: 'string', default: redacted }] },
    ],
    ['a value alone', { DB_PASSWORD: { value: planted } }, { DB_PASSWORD: { value: redacted } }],
    ['a key', [{ key: 'DB_PASSWORD', value: planted }], [{ key: 'DB_PASSWORD', value: redacted }]],
    [
      'a path',
      { set: [{ path: 'auth.password', value: planted }] },
      { set: [{ path: 'auth.password', value: redacted }] },
    ],
    [
      'a login',
      { command: ['docker', 'login', '-u', 'robot', '-p', planted] },
      { command: ['docker', 'login', '-u', 'robot', '-p', redacted] },
    ],
    ['values in a list', { tokens: [{ value: planted }] }, { tokens: [{ value: redacted }] }],
    ['a map of them', { adminCredentials: { root: planted } }, { adminCredentials: { root: redacted } }],
    ['the data of a secret', { secret: { data: { k: planted } } }, { secret: { data: { k: redacted } } }],
    [
      'a word after its program',
      { command: ['mysql', '-uroot', `-p${planted}`] },
      { command: ['mysql', '-uroot', redacted] },
    ],
    [
      'a word of arguments after their program',
      { command: ['/usr/bin/redis-cli'], args: ['-h', 'db', '-a', planted] },
      { command: ['/usr/bin/redis-cli'], args: ['-h', 'db', '-a', redacted] },
    ],
    ['a DSN', { DSN: `shop:${planted}@tcp(db:3306)/shop` }, { DSN: redacted }],
    ['a redis.conf', { text: `port 6379\nrequirepass ${planted}\n` }, { text: redacted }],
  ])('is replaced: %s', (_what, value, expected) => {
    expect(redactDeep({ spec: value })).toEqual({ spec: expected });
    expect(redactContent({ spec: value } as JsonObject)).toEqual({ spec: expected });
  });

  it.each<[string, object]>([
    ['a parameter', { params: [{ name: 'revision', default: planted }] }],
    [
      'a volume',
      { secret: { secretName: 'db-login-2024', defaultMode: 420, items: [{ key: 'a', path: 'b' }] } },
    ],
    [
      'a place of credentials',
      { credentials: { source: 'Secret', secretRef: { name: 'aws-creds', key: 'creds' } } },
    ],
    ['names of Secrets', { secrets: { db: 'shop-db-login', registry: 'pull-2024' } }],
    [
      'a switch',
      { secrets: { create: 'true', annotations: { a: 'b' }, description: 'Logins of all 12 shops' } },
    ],
    ['a toleration', { tolerations: [{ key: 'token', operator: 'Equal', value: planted }] }],
    ['a port', { command: ['docker', 'run', '-p', '8080:80'] }],
    ['a place of a volume', { items: [{ key: 'password', path: 'db/password-2024' }] }],
    ['a program that takes no password so', { command: ['grep', '-a', planted], args: ['-w', planted] }],
    ['a password that is asked for', { command: ['mysql', '-u', 'root', '-p', 'shop'] }],
    ['an address', { host: 'user@tcp(db:3306)' }],
    ['talk of a setting', { text: 'set requirepass to let nobody in' }],
  ])('is left where it is none: %s', (_what, value) => {
    expect(redactDeep({ spec: value })).toEqual({ spec: value });
    expect(redactContent({ spec: value } as JsonObject)).toEqual({ spec: value });
  });
});
