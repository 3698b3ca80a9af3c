import { describe, expect, it } from 'vitest';
import { commandPasswords } from './command-passwords.ts';
import { detectSecrets } from './secret-rules.ts';

describe('a password where only what stands before it says so', () => {
  it.each([
    ['mysqldump -h db \\\n  -u root \\\n  -p', 'w0nderland', ' \\\n  shop > /out'],
    ['mysqldump -h db \\\r\n  -u root \\\r\n  -p', 'w0nderland', ''],
    ['curl -s \\\n\t-u bot:', 'w0nderland', ' https://a'],
    ['docker login -u bot -p', 'w0nderland', ' registry.example'],
    ['podman login -p=', 'w0nderland', ' registry.example'],
    ["helm registry login -p'", 'w0nderland', "' registry.example"],
    ['echo ', 'w0nderland', ' | docker login -u bot --password-stdin registry.example'],
    ['echo -n "', 'w0nderland', '" | helm registry login a --password-stdin'],
    ["printf '%s' '", 'w0nderland', "' | docker login --password-stdin"],
    ['docker login --password-stdin -u a <<< "', 'w0nderland', '"'],
    ['rabbitmqctl add_user bot ', 'w0nderland', ''],
    ['rabbitmqctl -n a@b change_password "$USER" \'', 'w0nderland', "'"],
    ['openssl enc -aes-256-cbc -k ', 'w0nderland', ' -in a'],
    ['jdbc:oracle:thin:scott/', 'w0nderland', '@db:1521:x'],
    ['jdbc:oracle:oci:scott/"', 'w0nder/land', '"@//db:1521/x'],
    ['machine a.example login bot password ', 'w0nderland', ''],
    ['machine a.example\n  login bot\n  password ', 'w0nderland', '\nmachine b.example'],
    ['machine a.example password ', 'w0nderland', ' login bot'],
    ['default login bot password ', 'w0nderland', ''],
    ['db.example:5432:shop:app:', 'w0nderland', ''],
    ['# all\n*:*:*:app:', 'w0nderland\\:x', '\n'],
    ['echo "db:6432:*:app:', 'w0nderland', '" > ~/.pgpass'],
    ['<c><password>', 'w0nderland', '</password></c>'],
    ['<server>\n<db:password encrypted="no">\n', 'w0nderland', '\n</db:password>\n</server>'],
    ['<secretKey><![CDATA[', 'w0nder]land', ']]></secretKey>'],
    ['bindpw=', 'w0nderland', ' base=dc'],
  ])('is found in %j%s%s', (before, secret, after) => {
    expect(detectSecrets(undefined, before + secret + after)).toMatchObject([
      { start: before.length, end: before.length + secret.length },
    ]);
  });

  it.each(['LDAP_BIND_PW', 'BINDPW', 'adminPw', 'olcRootPW', 'pw'])('is what is called %s', (name) => {
    expect(detectSecrets(name, 'w0nderland')).toMatchObject([{ rule: 'named-credential' }]);
  });

  it.each([
    [['rabbitmqctl', 'add_user', 'bot', 'w0nderland'], 3],
    [['/usr/bin/openssl', 'enc', '-aes-256-cbc', '-k', 'w0nderland'], 4],
    [['docker', 'login', '-u', 'bot', '-pw0nderland', 'registry.example'], 4],
  ])('is found among the words of a command: %j', (words, index) => {
    expect([...commandPasswords(words).keys()]).toEqual([index]);
  });
});

describe('no password', () => {
  it.each([
    'mysqldump -h db \\\n  -u root \\\n  -p"$MYSQL_PASSWORD"',
    'mysql -h db \\\\\nps -p1',
    'vault login -path=userpass -method=userpass username=bot',
    'az login --profile prod',
    'docker login -u bot -p"$TOKEN" registry.example',
    'docker login -u bot --password-stdin registry.example < /run/secrets/token',
    'echo "$TOKEN" | docker login -u bot --password-stdin',
    'echo $(cat /run/token) | docker login --password-stdin',
    'cat /run/token | docker login --password-stdin',
    'aws ecr get-login-password | docker login -u AWS --password-stdin 1.dkr.ecr.eu.amazonaws.com',
    'echo start; cat /run/token | docker login --password-stdin',
    'docker login --password-stdin <<< "$TOKEN"',
    'rabbitmqctl add_user bot "$PASSWORD"',
    'rabbitmqctl add_user bot < /run/password',
    'rabbitmqctl add_user bot; rabbitmqctl set_user_tags bot monitoring',
    'openssl req -new -key /tls/tls.key -keyout out.key',
    'openssl enc -aes-256-cbc -k "$KEY"',
    'jdbc:oracle:thin:@db.example:1521:x',
    'jdbc:oracle:thin:@//db.example:1521/shop',
    'jdbc:oracle:thin:scott/$PASSWORD@db:1521:x',
    'The machine has a password of its own, and the default password is asked for at the first login.',
    'machine a.example login bot password $NETRC_PASSWORD',
    'db.example:5432:shop:app:$PASSWORD',
    'orders:*:read:own:all',
    'arn:aws:iam::*:role/app',
    '2001:db8:5432:1:2:3:4:5',
    'registry.example:5432/shop/web:1.2.3',
    'ssh -L 5432:db.example:5432 bastion',
    '<password>{{ .Values.password }}</password>',
    '<password></password><user>w0nderland</user>',
    '<passwordFile>/run/secrets/w0nderland</passwordFile>',
    '<password>w0nderland</other>',
    '<maxTokens>w0nderland</maxTokens>',
  ])('is found in %j', (text) => {
    expect(detectSecrets(undefined, text)).toEqual([]);
  });

  it.each([
    ['PW_REPORTER', 'list,html'],
    ['PW_TEST_HTML_REPORT_OPEN', 'never'],
    ['BIND_PW_FILE', 'w0nderland'],
    ['POWER', 'w0nderland'],
  ])('is what is called %s', (name, value) => {
    expect(detectSecrets(name, value)).toEqual([]);
  });
});
