import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { base64, config, kubeconfigFolder } from './kubeconfig.testing.ts';

const { credentialOf, path, problemsOf, read, write } = kubeconfigFolder();

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

    rmSync(path('token'));
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
