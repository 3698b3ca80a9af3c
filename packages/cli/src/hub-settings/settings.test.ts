import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hubJsonSchema } from '@bulwark/api';
import { type FileTree, REPOSITORY, TestAuthority, writeTree } from '@bulwark/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../exit.ts';
import type { HubFlags } from '../flags.ts';
import { bulwark } from '../run.testing.ts';
import { flagOf, HUB_SETTINGS, SETTING_NAMES, type SettingName, variableOf } from './settings.ts';
import { hubSettings } from './told.ts';

const AUTHORITY = new TestAuthority();
const trees: FileTree[] = [];

function tree(files: Readonly<Record<string, string>>): FileTree {
  const made = writeTree(files);
  trees.push(made);
  return made;
}

afterAll(() => {
  for (const made of trees) made.remove();
});

interface Given {
  readonly file?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: HubFlags;
  readonly others?: Readonly<Record<string, string>>;
}

/** What comes of it, secrets revealed; or what is said to be wrong, in lines. */
async function told({ file, env = {}, flags = {}, others = {} }: Given) {
  const { root } = tree({ ...(file !== undefined && { 'hub.yaml': file }), ...others });
  try {
    const { settings, sourceOf } = await hubSettings(flags, { cwd: root, env });
    const plain = { ...settings, databaseUrl: settings.databaseUrl?.reveal() };
    return { settings: plain, sourceOf, root, wrong: [] };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { settings: {}, sourceOf: () => '', root, wrong: error.message.split('\n') };
  }
}

/** A value of each setting, as a variable and as a file say it. */
const SAID: Readonly<Record<SettingName, { readonly variable: string; readonly file: unknown }>> = {
  databaseUrl: { variable: 'postgres://v', file: { env: 'URL' } },
  dataDir: { variable: '/v', file: '/f' },
  kubeconfig: { variable: '/v', file: '/f' },
  context: { variable: 'a,b', file: ['c'] },
  insecureSkipTlsVerify: { variable: 'a,b', file: ['c'] },
  demo: { variable: 'true', file: false },
  listen: { variable: '127.0.0.1:1', file: '[::1]:2' },
  tlsCert: { variable: '/v', file: '/f' },
  tlsKey: { variable: '/v', file: '/f' },
  behindProxy: { variable: '10.0.0.1', file: ['10.0.0.0/8'] },
  publicUrl: { variable: 'https://v', file: 'https://f' },
  keyFile: { variable: '/v', file: '/f' },
  policy: { variable: '/v', file: '/f' },
  profile: { variable: 'strict', file: 'all' },
  secrets: { variable: '1', file: false },
  auditLog: { variable: 'a=/v', file: ['b=/f'] },
  approvalFrom: { variable: 'never', file: 'critical' },
  retention: { variable: '7', file: 8 },
  owners: { variable: '/v', file: '/f' },
  ownerKeys: { variable: 'a,b', file: ['c'] },
  contactKeys: { variable: 'a,b', file: ['c'] },
  environmentKeys: { variable: 'a,b', file: ['c'] },
  criticalityKeys: { variable: 'a,b', file: ['c'] },
};

describe('a setting of the hub', () => {
  it.each(SETTING_NAMES)('%s is said by flag, variable and file alike', async (name) => {
    const help = (await bulwark(['hub', '--help'], '/')).out;
    const schema = hubJsonSchema(HUB_SETTINGS) as { readonly properties: Record<string, unknown> };
    const file = JSON.stringify({ [name]: SAID[name].file });

    const byFile = await told({ file, env: { URL: 'postgres://f\n' } });
    const byVariable = await told({
      file,
      env: { URL: 'postgres://f', [variableOf(name)]: SAID[name].variable },
    });

    expect(help).toContain(`  ${flagOf(name)} `);
    expect(Object.keys(schema.properties)).toContain(name);
    expect([byFile.wrong, byVariable.wrong]).toEqual([[], []]);
    const expected = name === 'databaseUrl' ? 'postgres://f' : SAID[name].file;
    expect(byFile.settings).toMatchObject({ [name]: expected });
    expect(byFile.sourceOf(name)).toBe(`hub.yaml:1: ${name}`);
    expect(byVariable.settings).not.toMatchObject({ [name]: expected });
    expect(byVariable.sourceOf(name)).toBe(variableOf(name));
  });

  it('of a flag wins over a variable and a file', async () => {
    const { settings, sourceOf } = await told({
      file: 'retention: 8\nlisten: 127.0.0.1:2\nsecrets: true\n',
      env: { BULWARK_RETENTION: '7' },
      flags: { retention: 6, secrets: false },
    });

    expect(settings).toMatchObject({ retention: 6, listen: '127.0.0.1:2', secrets: false });
    expect(sourceOf('retention')).toBe('--retention');
  });

  it('has a default where nothing is said, and an empty variable says nothing', async () => {
    const { settings } = await told({ env: { BULWARK_LISTEN: '', BULWARK_HUB_CONFIG: '' } });

    expect(settings).toEqual({
      listen: '127.0.0.1:8420',
      retention: 90,
      approvalFrom: 'high',
      databaseUrl: undefined,
    });
  });

  it('names files from where it is said', async () => {
    const { settings, root } = await told({
      flags: { config: 'etc/hub.yaml', tlsKey: 'key.pem' },
      env: { BULWARK_OWNERS: 'OWNERS' },
      others: { 'etc/hub.yaml': 'tlsCert: tls.pem\ndatabaseUrl: {file: url}\n', 'etc/url': 'postgres://x\n' },
    });

    expect(settings).toMatchObject({
      tlsCert: join(root, 'etc', 'tls.pem'),
      tlsKey: join(root, 'key.pem'),
      owners: join(root, 'OWNERS'),
      databaseUrl: 'postgres://x',
    });
  });

  it.each([
    { how: 'by a variable', given: { env: { BULWARK_HUB_CONFIG: 'other.yaml' } } },
    { how: 'by a flag', given: { flags: { config: 'other.yaml' }, env: { BULWARK_HUB_CONFIG: 'none' } } },
  ])('is read of a file that is named $how', async ({ given }) => {
    const { settings } = await told({ ...given, others: { 'other.yaml': 'retention: 3' } });

    expect(settings).toMatchObject({ retention: 3 });
  });

  it('is not read of a file where no file is wanted', async () => {
    expect((await told({ file: 'nonsense: 1', flags: { config: false } })).settings).toMatchObject({
      retention: 90,
    });
  });
});

describe('what is wrong with the settings of the hub', () => {
  it('is said at once, of file and variables, with place and nearest name', async () => {
    const { wrong } = await told({
      file: `retentoin: 7
retention: 0.5
listen: nowhere
profile: strickt
behindProxy: [10.0.0.0/8, 10.0.0.0/99]
databaseUrl: postgres://hub:hunter2@db/bulwark
publicUrl: {}
secrets: "yes"
tls: {cert: a}
`,
      env: { BULWARK_RETENTION: 'long', BULWARK_DEMO: 'maybe', BULWARK_APPROVAL_FROM: 'low' },
    });

    expect(wrong).toEqual([
      'the settings of the hub are wrong',
      'hub.yaml:1:1: retentoin: unknown key "retentoin"; did you mean "retention"?',
      'hub.yaml:2:1: retention: must be a whole number from 1 to 36500',
      'hub.yaml:3:1: listen: must be ADDRESS:PORT, such as 127.0.0.1:8420',
      'hub.yaml:4:1: profile: must be default, strict or all; did you mean "strict"?',
      'hub.yaml:5:27: behindProxy.1: must be an address or a network, such as 10.0.0.0/8',
      'hub.yaml:6:1: databaseUrl: must be {file: FILE} or {env: VARIABLE}: a secret does not stand in this file',
      'hub.yaml:7:1: publicUrl: must be a text',
      'hub.yaml:8:1: secrets: must be true or false',
      'hub.yaml:9:1: tls: unknown key "tls"',
      'BULWARK_DEMO: must be true or false',
      'BULWARK_APPROVAL_FROM: must be one of critical, high, medium, never',
      'BULWARK_RETENTION: must be a whole number from 1 to 36500',
    ]);
  });

  it.each([{ file: 'retention: 36501\n' }, { env: { BULWARK_RETENTION: '999999999' } }])(
    'is said of more days than there are dates: %j',
    async (given) => {
      expect((await told(given)).wrong.join('\n')).toMatch(
        /[rR][eE].*: must be a whole number from 1 to 36500$/,
      );
      expect((await told({ env: { BULWARK_RETENTION: '36500' } })).settings).toMatchObject({
        retention: 36_500,
      });
    },
  );

  it.each([
    { written: '{file: none}', says: 'databaseUrl.file: there is no readable file none, or it is empty' },
    { written: '{env: NONE}', says: 'databaseUrl.env: there is no variable NONE, or it is empty' },
    { written: '{env: A, file: b}', says: 'databaseUrl: must be {file: FILE} or {env: VARIABLE}' },
    { written: '{}', says: 'databaseUrl: must be {file: FILE} or {env: VARIABLE}' },
    { written: '{fiel: b}', says: 'databaseUrl.fiel: unknown key "fiel"; did you mean "file"?' },
  ])('is said of a secret that is written as $written', async ({ written, says }) => {
    const { wrong } = await told({ file: `databaseUrl: ${written}\n` });

    expect(wrong.join('\n')).toContain(says);
  });

  it.each([
    ['b.example.com', 'must be an address such as https://bulwark.example.com'],
    ['ftp://b.example.com', 'must be an address such as https://bulwark.example.com'],
    [
      'https://b.example.com/bulwark',
      'must be an address such as https://bulwark.example.com, without a path',
    ],
    ['https://b.example.com/?a=b', 'must be an address such as https://bulwark.example.com, without a path'],
  ])('is said of a public address that is %s', async (publicUrl, says) => {
    const { wrong } = await told({ env: { BULWARK_PUBLIC_URL: publicUrl } });

    expect(wrong).toEqual(['the settings of the hub are wrong', `BULWARK_PUBLIC_URL: ${says}`]);
  });

  it('is said of the command line by the command line', async () => {
    const { root } = tree({});

    const args = ['--listen', 'x:y', '--profile', 'strickt', '--config', 'none.yaml'];
    const { code, err } = await bulwark(['hub', ...args, '--tls-cert', 'a.pem', '--tls-key', 'b.pem'], root);

    expect(code).toBe(2);
    expect(err.split('\n')).toEqual([
      'error: the settings of the hub are wrong',
      '--config: there is no file none.yaml',
      '--listen: must be ADDRESS:PORT, such as 127.0.0.1:8420',
      '--profile: must be one of default, strict, all',
      `--tls-cert: ${join(root, 'a.pem')} cannot be read (ENOENT)`,
      `--tls-key: ${join(root, 'b.pem')} cannot be read (ENOENT)`,
      '',
    ]);
  });

  it('is said of variables that are misspelt, and of no others', async () => {
    const { wrong } = await told({
      env: {
        BULWARK_RETENTIO: '7',
        BULWARK_TLS_CRT: 'a',
        BULWARK_HUB_TOKEN: 'a',
        BULWARK_BUILD_COMMIT: 'a',
        BULWARK_SERVICE_HOST: '10.0.0.1',
        BULWARK_SERVICE_PORT_HTTP: '80',
        BULWARK_PORT_80_TCP_ADDR: '10.0.0.1',
        BULWARK_PORT: 'tcp://10.0.0.1:80',
        BULWARK_SOMETHING_ELSE: 'a',
      },
    });

    expect(wrong).toEqual([
      'the settings of the hub are wrong',
      'BULWARK_RETENTIO: there is no such variable; did you mean BULWARK_RETENTION?',
      'BULWARK_TLS_CRT: there is no such variable; did you mean BULWARK_TLS_CERT?',
    ]);
  });

  it.each([
    {
      what: 'is not there',
      cert: undefined,
      says: (root: string) => `${join(root, 'tls.pem')} cannot be read (ENOENT)`,
    },
    {
      what: 'is none',
      cert: 'nonsense',
      says: (root: string) =>
        `${join(root, 'tls.pem')} and ${join(root, 'key.pem')} are not a certificate and its key (ERR_OSSL_PEM_NO_START_LINE)`,
    },
    {
      what: 'has another key',
      cert: AUTHORITY.issue({ commonName: 'hub' }).certificate,
      says: (root: string) =>
        `${join(root, 'tls.pem')} and ${join(root, 'key.pem')} are not a certificate and its key (ERR_OSSL_X509_KEY_VALUES_MISMATCH)`,
    },
  ])('is said of a certificate that $what', async ({ cert, says }) => {
    const { key } = AUTHORITY.issue({ commonName: 'other' });
    const { root } = tree({
      'hub.yaml': 'tlsCert: tls.pem\ntlsKey: key.pem\n',
      'key.pem': key,
      ...(cert !== undefined && { 'tls.pem': cert }),
    });

    const { code, err } = await bulwark(['hub'], root);

    expect(code).toBe(2);
    expect(err).toBe(`error: hub.yaml:1: tlsCert: ${says(root)}\n`);
  });

  it('is said of all files that are named', async () => {
    const { root } = tree({
      'hub.yaml': 'tlsCert: none.pem\nkubeconfig: none\nowners: OWNERS\n',
      OWNERS: 'a/b/c/d x\nshop\n',
    });

    const { code, err } = await bulwark(['hub'], root);

    expect(code).toBe(2);
    expect(err.split('\n')).toEqual([
      'error: hub.yaml:1: tlsCert: a certificate and its key go together',
      `hub.yaml:1: tlsCert: ${join(root, 'none.pem')} cannot be read (ENOENT)`,
      `hub.yaml:2: kubeconfig: there is no file ${join(root, 'none')}`,
      `${join(root, 'OWNERS')}:1: "a/b/c/d" is none of NAMESPACE, NAMESPACE/NAME, NAMESPACE/KIND/NAME`,
      `${join(root, 'OWNERS')}:2: "shop" has no owner`,
      '',
    ]);
  });
});

describe('the guide to the hub', () => {
  it('shows a hub.yaml that holds', async () => {
    const guide = readFileSync(join(REPOSITORY, 'docs', 'guides', 'hub.md'), 'utf8');
    const file = /^```yaml\n(# hub\.yaml\n.*?)^```$/ms.exec(guide)?.[1] ?? '';

    const { wrong, settings } = await told({ file, others: { 'database-url': 'postgres://x' } });

    expect(wrong).toEqual([]);
    expect(Object.keys(settings).length).toBeGreaterThan(8);
  });
});
