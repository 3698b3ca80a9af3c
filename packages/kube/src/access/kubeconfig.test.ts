import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { printAccessProblem } from './access.ts';
import { accessFromKubeconfig, contextsOf, type KubeconfigOptions } from './kubeconfig.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-kube-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A kubeconfig with one of everything, in which parts can be replaced. */
function config({
  cluster = 'server: https://api.example.com:6443',
  user = 'token: abc',
  context = 'cluster: one\n    user: me',
  rest = 'current-context: main',
} = {}): string {
  return [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    '- name: one',
    `  cluster:\n    ${cluster.replaceAll('\n', '\n    ')}`,
    'users:',
    '- name: me',
    `  user:\n    ${user.replaceAll('\n', '\n    ')}`,
    'contexts:',
    '- name: main',
    `  context:\n    ${context}`,
    rest,
    '',
  ].join('\n');
}

function read(text: string, options: KubeconfigOptions = {}) {
  return accessFromKubeconfig({ path: write('config', text), env: {}, ...options });
}

function problemsOf(text: string, options: KubeconfigOptions = {}): string[] {
  const result = read(text, options);
  return result.ok
    ? []
    : result.error.map((problem) => printAccessProblem(problem).replace(`${folder}/`, ''));
}

async function credentialOf(text: string, options: KubeconfigOptions = {}) {
  const access = read(text, options);
  if (!access.ok) throw new Error(access.error.map(printAccessProblem).join('\n'));
  const credential = await access.value.credentials.current();
  if (!credential.ok) throw new Error(credential.error.message);
  return {
    authorization: credential.value.authorization?.reveal(),
    certificate: credential.value.certificate?.certificate,
    key: credential.value.certificate?.key.reveal(),
  };
}

describe('the context', () => {
  it('is the current one, with its server and namespace', () => {
    const access = read(config({ context: 'cluster: one\n    user: me\n    namespace: shop' }));

    expect(access.ok && access.value).toMatchObject({ name: 'main', namespace: 'shop', compress: true });
    expect(access.ok && access.value.server.href).toBe('https://api.example.com:6443/');
  });

  it('is another where it is asked for by name', () => {
    const second = '- name: second\n  context: {cluster: one, user: me}';
    const text = config({ rest: `${second}\ncurrent-context: main` });

    const access = read(text, { context: 'second' });

    expect(access.ok && access.value.name).toBe('second');
    expect(contextsOf({ path: join(folder, 'config'), env: {} })).toEqual({
      ok: true,
      value: [
        { name: 'main', cluster: 'one', user: 'me', isCurrent: true },
        { name: 'second', cluster: 'one', user: 'me', isCurrent: false },
      ],
    });
  });

  it.each([
    [{ rest: '' }, {}, 'config: No context is chosen, and no current-context is set; there are main.'],
    [{ rest: 'current-context: gone' }, {}, 'config:16:18: There is no context gone; there are main.'],
    [{}, { context: 'gone' }, 'config: There is no context gone; there are main.'],
    [{ context: 'user: me' }, {}, 'config:14:5: The context main names no cluster.'],
    [
      { context: 'cluster: two\n    user: me' },
      {},
      'config:14:14: The context main names the cluster two, which is not there.',
    ],
    [
      { context: 'cluster: one\n    user: you' },
      {},
      'config:15:11: The context main names the user you, which is not there.',
    ],
  ])('that cannot be used is said with its place: %j %j', (parts, options, expected) => {
    expect(problemsOf(config(parts), options)).toEqual([expected]);
  });
});

describe('several files', () => {
  const env = (...names: string[]) => ({ KUBECONFIG: names.map((name) => join(folder, name)).join(':') });

  it('are merged: the first entry of a name wins, and the first current context', async () => {
    write('a', config({ user: 'token: from-a', rest: '' }));
    write('b', config({ cluster: 'server: https://b.example.com', user: 'token: from-b' }));

    const access = accessFromKubeconfig({ env: env('a', 'missing', 'b', 'a') });

    expect(access.ok && access.value.server.hostname).toBe('api.example.com');
    const credential = access.ok ? await access.value.credentials.current() : undefined;
    expect(credential?.ok && credential.value.authorization?.reveal()).toBe('Bearer from-a');
  });

  it('may hold the parts of one context', () => {
    write('a', 'contexts: [{name: main, context: {cluster: one, user: me}}]\ncurrent-context: main\n');
    write('b', 'clusters: [{name: one, cluster: {server: "https://split.example.com"}}]\n');
    write('c', 'users: [{name: me, user: {}}]\n');

    const access = accessFromKubeconfig({ env: env('a', 'b', 'c') });

    expect(access.ok && access.value.server.hostname).toBe('split.example.com');
  });

  it('are replaced by one that is named', () => {
    write('a', config());
    const named = write('named', config({ cluster: 'server: https://named.example.com' }));

    const access = accessFromKubeconfig({ path: named, env: env('a') });

    expect(access.ok && access.value.server.hostname).toBe('named.example.com');
  });

  it('are looked for in the home folder last, and a named one must be there', () => {
    const home = accessFromKubeconfig({ env: {}, home: folder });
    const named = accessFromKubeconfig({ path: join(folder, 'nope'), env: {} });

    expect(home.ok || home.error[0]?.message).toBe(
      'No context is chosen, and no current-context is set; there is none.',
    );
    expect(named.ok || named.error[0]?.message).toBe('There is no such kubeconfig, or it is empty.');
  });
});

describe('the server', () => {
  it('has no scheme or a path where it is written so', () => {
    const access = read(config({ cluster: 'server: rancher.example.com/k8s/clusters/c-1' }));

    expect(access.ok && access.value.server.href).toBe('https://rancher.example.com/k8s/clusters/c-1');
  });

  it('is trusted by data, by a file beside the kubeconfig, or by the system', async () => {
    write('ca.crt', PEM);
    const authorities = async (cluster: string) => {
      const access = read(config({ cluster: `server: https://a.example.com\n${cluster}` }));
      return access.ok ? access.value.trust.authorities() : access.error;
    };

    expect(await authorities(`certificate-authority-data: ${base64(PEM)}`)).toEqual({ ok: true, value: PEM });
    expect(await authorities('certificate-authority: ca.crt')).toEqual({ ok: true, value: PEM });
    expect(await authorities('tls-server-name: other')).toEqual({ ok: true, value: undefined });
    expect(await authorities('certificate-authority: gone.crt')).toMatchObject({
      ok: false,
      error: { message: `${join(folder, 'gone.crt')} cannot be read: there is no such file.` },
    });
    expect(await authorities(`certificate-authority-data: ${base64('nothing')}`)).toMatchObject({
      ok: false,
    });
  });

  it('without a check is refused unless someone asks for it', () => {
    const text = config({ cluster: 'server: https://a.example.com\ninsecure-skip-tls-verify: true' });

    expect(problemsOf(text)[0]).toContain('config:7:31: The cluster one is not to be checked');
    const allowed = read(text, { allowInsecure: true });
    expect(allowed.ok && allowed.value.trust.insecure).toBe(true);
  });

  it('without TLS gets no credentials, unless it is this machine', () => {
    expect(problemsOf(config({ cluster: 'server: http://a.example.com' }))).toEqual([
      'config:6:13: The cluster one has no TLS, and credentials would be readable for all on the way.',
    ]);
    expect(problemsOf(config({ cluster: 'server: http://a.example.com', user: '{}' }))).toEqual([]);
    expect(problemsOf(config({ cluster: 'server: http://127.0.0.1:8001' }))).toEqual([]);
  });

  it('may lie behind a proxy', () => {
    const access = read(
      config({ cluster: 'server: https://a.example.com\nproxy-url: socks5://127.0.0.1:1080' }),
    );
    const fromEnvironment = read(config(), { env: { HTTPS_PROXY: 'http://proxy.example.com:3128' } });

    expect(access.ok && access.value.proxy?.reveal().href).toBe('socks5://127.0.0.1:1080');
    expect(fromEnvironment.ok && fromEnvironment.value.proxy?.reveal().href).toBe(
      'http://proxy.example.com:3128/',
    );
  });

  it.each([
    ['certificate-authority-data: a', 'config:6:5: The cluster one has no server.'],
    ['server: 7', 'config:6:13: server must be a text, so it needs quotes.'],
    ['server: ftp://x', 'config:6:13: The server of the cluster one is not an http or https address.'],
    [
      'server: https://u:p@x',
      'config:6:13: The server of the cluster one may have no user, query or fragment in its address.',
    ],
    [
      'server: https://x\nproxy-url: gopher://x',
      'config:7:16: The proxy of the cluster one is not an http, https or socks5 address.',
    ],
    [
      'server: https://x\ncertificate-authority-data: "*"',
      'config:7:34: certificate-authority-data is not base64.',
    ],
    [
      'server: https://x\ninsecure-skip-tls-verify: maybe',
      'config:7:31: insecure-skip-tls-verify must be true or false.',
    ],
    [
      `server: https://x\ninsecure-skip-tls-verify: true\ncertificate-authority-data: ${base64(PEM)}`,
      'config:7:31: The cluster one names an authority and says not to check it; only one can be meant.',
    ],
  ])('that cannot be used is said with its place: %s', (cluster, expected) => {
    expect(problemsOf(config({ cluster }))[0]).toBe(expected);
  });
});

describe('the user', () => {
  it('has a token, a password, a certificate, or nothing', async () => {
    write('me.crt', 'CERT');
    write('me.key', 'KEY');

    expect(await credentialOf(config({ user: 'token: " abc "' }))).toMatchObject({
      authorization: 'Bearer abc',
    });
    expect(await credentialOf(config({ user: 'username: u\npassword: p' }))).toMatchObject({
      authorization: `Basic ${base64('u:p')}`,
    });
    expect(
      await credentialOf(config({ user: 'client-certificate: me.crt\nclient-key: me.key' })),
    ).toMatchObject({
      certificate: 'CERT',
      key: 'KEY',
    });
    const inline = `client-certificate-data: ${base64('C')}\nclient-key-data: ${base64('K')}\ntoken: abc`;
    expect(await credentialOf(config({ user: inline }))).toEqual({
      authorization: 'Bearer abc',
      certificate: 'C',
      key: 'K',
    });
    expect(await credentialOf(config({ user: '{}' }))).toEqual({});
  });

  it('has the token of a file as it is now, even where a token is written as well', async () => {
    write('token', 'first\n');
    let now = 0;
    const clock = { now: () => now, wait: async () => undefined };
    const access = read(config({ user: 'tokenFile: token\ntoken: stale' }), { clock });
    const token = async () => {
      const credential = access.ok ? await access.value.credentials.current() : undefined;
      return credential?.ok === true ? credential.value.authorization?.reveal() : undefined;
    };
    expect(await token()).toBe('Bearer first');

    write('token', 'second');
    expect(await token()).toBe('Bearer first');
    now += 10_000;
    expect(await token()).toBe('Bearer second');

    write('token', 'third');
    if (access.ok) access.value.credentials.refused();
    expect(await token()).toBe('Bearer third');

    rmSync(join(folder, 'token'));
    now += 10_000;
    expect(await token()).toBe('Bearer third');
  });

  it.each(['y', 'NO', 'on', '010', '0o10', '1_000', '1.5', '.5', '0x1f', '0b11', '1e3', '.inf', 'True'])(
    'must have quotes around %s to be meant as text',
    (token) => {
      expect(problemsOf(config({ user: `token: ${token}` }))).toEqual([
        'config:10:12: token must be a text, so it needs quotes.',
      ]);
    },
  );

  it.each(['2001-01-01', '=', '1:30', 'tRue', '!!str 12', '"12"', 'a1'])(
    'needs no quotes around %s',
    (token) => {
      expect(problemsOf(config({ user: `token: ${token}` }))).toEqual([]);
    },
  );

  it('takes on another', () => {
    const access = read(
      config({ user: 'as: jane\nas-uid: "7"\nas-groups: [a, b]\nas-user-extra: {team: [x, z]}' }),
    );

    expect(access.ok && access.value.impersonation).toEqual({
      user: 'jane',
      uid: '7',
      groups: ['a', 'b'],
      extra: { team: ['x', 'z'] },
    });
  });

  it.each([
    ['token: 12345', 'config:10:12: token must be a text, so it needs quotes.'],
    ['token: [a]', 'config:10:12: token must be a text.'],
    [
      'token: a\nusername: b',
      'config:10:12: The user me has both a token and a password; only one can be sent.',
    ],
    [
      `client-key-data: ${base64('K')}`,
      'config:10:22: The user me has a client-key and no client-certificate.',
    ],
    ['client-certificate: c', 'config:10:25: The user me has a client-certificate and no client-key.'],
    ['as-groups: [a]', 'config:10:16: The user me takes on groups, uid or extra without a user (as).'],
    [
      'auth-provider: {name: gcp}',
      'config:10:27: The user me signs in by the provider gcp, which Kubernetes has removed; use its exec plugin.',
    ],
    ['auth-provider: {name: oidc}', 'config:10:27: The provider oidc of the user me has no config.'],
    [
      'auth-provider: {name: oidc, config: {idp-issuer-url: "http://x", client-id: c}}',
      'config:10:59: idp-issuer-url must be an https address.',
    ],
    [
      'auth-provider: {name: oidc, config: {idp-issuer-url: "https://x"}}',
      'config:10:41: The provider oidc of the user me has no client-id.',
    ],
    [
      'exec: {command: x}',
      'config:10:11: The plugin of the user me speaks no version; known are client.authentication.k8s.io/v1 and client.authentication.k8s.io/v1beta1.',
    ],
    [
      'exec: {apiVersion: client.authentication.k8s.io/v1, command: x}',
      'config:10:11: interactiveMode must be Never, IfAvailable or Always.',
    ],
    [
      'exec: {apiVersion: client.authentication.k8s.io/v1beta1}',
      'config:10:11: The plugin of the user me has no command.',
    ],
    [
      'exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: x}\nauth-provider: {name: oidc}',
      'config:11:20: The user me has both exec and auth-provider; only one can be used.',
    ],
  ])('that cannot be used is said with its place: %s', (user, expected) => {
    expect(problemsOf(config({ user }))).toContain(expected);
  });
});

describe('a file', () => {
  it.each([
    ['clusters: [', 'config:1:12:'],
    ['a: b\n\tc: d', 'config:2:'],
    ['just text', 'config:1:1: This is no kubeconfig: it must be a mapping.'],
    ['kind: Pod\napiVersion: v1', 'config:1:7: This is no kubeconfig: it is v1 Pod and must be v1 Config.'],
    ['clusters: {}', 'config:1:11: clusters must be a list.'],
    ['clusters: [7]', 'config:1:12: clusters must be a list of mappings.'],
    ['users:\n- user: {}', 'config:2:3: An entry of users has no name.'],
    ['users:\n- {name: a}\n- {name: a}', 'config:3:10: users has two entries of the name a.'],
    ['kind: Config\nkind: Config', 'config:2:1:'],
    ['a: {b: 1}\n---\nc: d', 'config:3:1: A kubeconfig has one document, and this is a second one.'],
    ['a: &x {b: c}\nd:\n  <<: *x', 'config:3:3: Merge keys (<<) are not read here; write the fields out.'],
    ['', 'config: There is no such kubeconfig, or it is empty.'],
  ])('that cannot be used is said with its place: %j', (text, expected) => {
    expect(problemsOf(text)[0]).toContain(expected);
  });

  it('may be JSON, and may use anchors', async () => {
    const text = config({ user: '&who {token: abc}' }).replace('current-context', 'x: *who\ncurrent-context');

    expect(await credentialOf(text)).toMatchObject({ authorization: 'Bearer abc' });
    expect(
      problemsOf(
        '{"clusters":[{"name":"c","cluster":{"server":"https://x"}}],"users":[{"name":"u","user":{"token":"t"}}],' +
          '"contexts":[{"name":"m","context":{"cluster":"c","user":"u"}}],"current-context":"m"}',
      ),
    ).toEqual([]);
  });

  it('harms nobody by what it says of entries that are not used', () => {
    const other = '- name: broken\n  context: {cluster: [1], user: 7}';

    expect(problemsOf(config({ rest: `${other}\ncurrent-context: main` }))).toEqual([]);
  });

  it('never makes reading throw', () => {
    const word = fc.constantFrom(
      'clusters',
      'users',
      'name',
      'cluster',
      'user',
      'token',
      'exec',
      '- ',
      ': ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '"',
      '|\n',
      '<<',
      '~',
      '!!str ',
      '---\n',
      '#',
      'server',
      'https://x',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (words) => {
        read(words.join(''));
      }),
      { numRuns: 500 },
    );
  });

  it('shows no credential, however its access is printed', () => {
    const user = `username: u\npassword: s3cret-pass\nclient-certificate-data: ${base64('C')}\nclient-key-data: ${base64('s3cret-key')}`;
    const cluster = 'server: https://a.example.com\nproxy-url: http://u:s3cret-proxy@127.0.0.1:1';
    const access = read(config({ user, cluster }));

    const printed = inspect(access, { depth: 10, showHidden: true }) + JSON.stringify(access);

    expect(access.ok).toBe(true);
    expect(printed).not.toContain('s3cret');
  });
});
