import { describe, expect, it } from 'vitest';
import { flagName, redactDeep, redactText } from './redaction.ts';

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
