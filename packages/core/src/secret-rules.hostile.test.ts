import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectSecrets } from './secret-rules.ts';

describe('hostile texts of a mebibyte', () => {
  const MEBIBYTE = 1_048_576;
  const fill = (part: string): string => part.repeat(Math.ceil(MEBIBYTE / part.length));

  it.each(
    [
      'a',
      'a ',
      'eyJ',
      'eyJ.',
      'eyJaaaaaaaaaa.',
      `eyJaaaaaaaaaa.${'eyJaaaa'.repeat(300)}.`,
      'sk-ant-',
      'xoxb-',
      'pypi-AgE',
      'ghp_',
      'hooks.slack.com/services/T',
      '://a:',
      '://',
      '://a:b@',
      'Basic a',
      'Bearer a',
      `Bearer ${'a'.repeat(100)} `,
      '-----BEGIN ',
      '-----BEGIN PRIVATE KEY-----',
      `-----BEGIN PRIVATE KEY-----${'a'.repeat(30)}`,
      'password=',
      'set_headers "token:',
      'password="',
      'password=\'"',
      'password=\\',
      'token: ',
      '--token ',
      '--key=a',
      '$(',
      'password=$(',
      'password={{',
      '________',
      '--------',
      'aA',
      '/a',
      'password=$',
      'password=\n',
      'token=a,',
      'a-',
      'a.b=',
      'mysql ',
      'mongo -p ',
      'a:@tcp(',
      'a:a',
      '@tcp(a:b',
      '\nrequirepass ',
      ' requirepass',
      'curl -u a',
      'curl -u a:',
      'LS0tLS1CRUdJTi',
      '?sig=',
      `?sig=${'a'.repeat(130)}`,
      '"auths"auth":"',
      `"auths"auth":"${'a'.repeat(8000)}`,
      '"auths"auth" ',
      '"kty"d":"',
      `"kty"k":"${'a'.repeat(2000)}`,
      'key-',
      '1234567890:AA',
      'a.atlasv1.',
      'glc_eyJ',
      `glc_eyJ${'a'.repeat(400)}`,
      'discord.com/api/webhooks/123456789012345678/',
      '"key":"',
      'Authorization: Token ',
      'authorization=',
      `authorization=Basic ${'a'.repeat(4000)} `,
      'cookie=a; ',
      `cookie: ${'a'.repeat(4000)}`,
      'auth=a:',
      '-ua:',
      'x-auth-',
      'add_header X-Api-Key ',
      'header "X-Api-Key" "',
      `header ${'a'.repeat(80)} `,
      'secret-id-role',
      'header "X-Api-Key" "{a',
      'mysql \\\n',
      '\\\n',
      '\\\n ',
      'mysql -pab1c --token x ',
      'docker login ',
      'docker login -p',
      'rabbitmqctl add_user ',
      'rabbitmqctl add_user a change_password ',
      'openssl -k ',
      ...[
        'chpasswd<<<a:',
        'chpasswd<<E\na',
        'chpasswd ',
        'echo a:b|',
        'echo a:',
        'echo a|sudo ',
        'echo a|passwd ',
      ],
      ...[
        'sudo -S',
        'sudo -a b ',
        'sudo -a -b -S<',
        'kinit<<<',
        'kinit ',
        'echo a|kinit',
        'echo a| a chpasswd',
      ],
      ...['sqlplus a/', 'sqlplus -a ', 'sqlplus $a/b', 'impdp userid=', 'impdp ', 'rman target '],
      ...['net user a b', 'net user ', 'net user a b /', 'net rpc -U a', 'smbclient -U a%', 'smbclient -Ua'],
      ...['curl -u $a', `curl -u \${a}`, 'curl -ua', 'curl -U:', 'ldapsearch -w', 'ldappasswd -s '],
      'echo --password-stdin',
      'echo a|--password-stdin ',
      'echo a|',
      '--password-stdin<<<',
      'machine a login ',
      'machine a password ',
      'default login password ',
      'machine\n',
      ':5432:',
      'a:5432:',
      'a:5432:a:a:',
      '*:*:',
      'jdbc:oracle:thin:a/',
      'jdbc:oracle:',
      '<password>',
      '<password>a</',
      '<password a',
      `<password>${'a'.repeat(2000)}</`,
      '<password>]]></',
      '<a.a:</',
    ].map((part) => ({ name: part.slice(0, 40), part })),
  )('are read in linear time: $name', ({ part }) => {
    const text = fill(part);
    const started = performance.now();

    detectSecrets('password', text);

    // The slowest takes a tenth of this; a quadratic one would take minutes.
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('whatever a text holds', () => {
  const fragment = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom(
      'password=',
      '--token ',
      '"secret": "',
      'https://a:',
      '@',
      '"',
      "'",
      '${',
      '}',
      '\n',
      '\\',
    ),
    fc.constantFrom('Basic ', 'Bearer ', '-----BEGIN ', 'PRIVATE KEY-----', 'eyJ', 'sk-ant-', 'AccountKey='),
    fc.string({ minLength: 16, maxLength: 60, unit: fc.constantFrom(...'abcdefXYZ0123456789') }),
  );
  const text = fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join(''));

  it('has its secrets in order, apart from each other, and inside of it', () => {
    fc.assert(
      fc.property(fc.option(fc.constantFrom('password', 'args', 'API_KEY')), text, (name, value) => {
        let end = 0;
        for (const match of detectSecrets(name ?? undefined, value)) {
          expect(match.start).toBeGreaterThanOrEqual(end);
          expect(match.end).toBeGreaterThan(match.start);
          end = match.end;
        }
        expect(end).toBeLessThanOrEqual(value.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('is told the same however often it is asked', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(detectSecrets('token', value)).toEqual(detectSecrets('token', value));
      }),
    );
  });
});
