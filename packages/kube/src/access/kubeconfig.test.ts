import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64, config, kubeconfigFolder } from './kubeconfig.testing.ts';
import { accessFromKubeconfig, contextsOf } from './kubeconfig.ts';

const { credentialOf, path, problemsOf, read, write } = kubeconfigFolder();

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
    expect(contextsOf({ path: path('config'), env: {} })).toEqual({
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
  const env = (...names: string[]) => ({ KUBECONFIG: names.map((name) => path(name)).join(':') });

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
    const home = accessFromKubeconfig({ env: {}, home: path() });
    const named = accessFromKubeconfig({ path: path('nope'), env: {} });

    expect(home.ok || home.error[0]?.message).toBe(
      'No context is chosen, and no current-context is set; there is none.',
    );
    expect(named.ok || named.error[0]?.message).toBe('There is no such kubeconfig, or it is empty.');
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
