import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { RotatingProvider, TestAuthority } from '@bulwark/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base64 } from './kubeconfig.testing.ts';
import { HOUR, oidcScene } from './oidc.testing.ts';
import { SignIns } from './sign-ins.ts';

const scene = oidcScene();
const { accessOf, clock, kubeconfig, pass, problemsOf, tokenOf, write } = scene;

describe('a provider that issues no token', () => {
  const json = (error: string): string => JSON.stringify({ error, error_description: 'about refresh-1-1' });

  it.each<[string, RotatingProvider['fault'], string]>([
    [
      'takes the token no more',
      { tokens: [400, json('invalid_grant')] },
      'The OpenID provider HOST no longer takes the refresh token (invalid_grant): sign in again.',
    ],
    [
      'does not know the client',
      { tokens: [401, json('invalid_client')] },
      'The OpenID provider HOST does not accept the client kube (invalid_client): see client-id and client-secret.',
    ],
    [
      'refuses otherwise',
      { tokens: [400, json('unauthorized_client')] },
      'The OpenID provider HOST issues no new ID token (status 400, unauthorized_client).',
    ],
    [
      'has words that are no code',
      { tokens: [403, json('go <b>away</b>')] },
      'The OpenID provider HOST issues no new ID token (status 403).',
    ],
    [
      'has no ID token',
      { tokens: [200, '{"access_token":"x"}'] },
      'The OpenID provider HOST answers without an ID token: sign in again, with the scope openid.',
    ],
    [
      'is down behind its load balancer',
      { tokens: [503, '<html>'] },
      'The OpenID provider HOST does not answer (status 503).',
    ],
    [
      'is down from the beginning',
      { configuration: [503, '<html>'] },
      'The OpenID provider HOST does not answer (status 503).',
    ],
    ['asks for patience', { tokens: [429, ''] }, 'The OpenID provider HOST does not answer (status 429).'],
    [
      'is none',
      { configuration: [404, 'no'] },
      'The OpenID provider HOST does not say where it issues tokens (status 404).',
    ],
    [
      'does not say where',
      { configuration: [200, '{}'] },
      'The OpenID provider HOST does not say where it issues tokens.',
    ],
    [
      'names a place without TLS',
      { configuration: [200, '{"token_endpoint":"ftp://x/token"}'] },
      'The OpenID provider HOST issues tokens without TLS.',
    ],
  ])('as it %s is told as what it is, and nothing secret is said', async (_name, fault, expected) => {
    scene.provider.fault = fault;

    expect(await tokenOf(accessOf(kubeconfig({ refreshToken: scene.provider.signIn() })))).toBe(expected);
  });

  it('has to be signed in to again where there is no refresh token', async () => {
    expect(await tokenOf(accessOf(kubeconfig()))).toBe(
      'The ID token has expired and there is no refresh token: sign in again.',
    );
  });

  it.each<[string, () => void | Promise<void>, RegExp]>([
    [
      'is not there',
      () => scene.provider.stop(),
      /^The OpenID provider HOST does not answer: .*ECONNREFUSED/,
    ],
    [
      'hangs up',
      () => {
        scene.provider.fault = { tokens: 'broken' };
      },
      /^The OpenID provider HOST does not answer: /,
    ],
  ])('as it %s is one that may come back', async (_name, begin, expected) => {
    const access = accessOf(kubeconfig({ refreshToken: scene.provider.signIn() }));
    await begin();

    expect(await tokenOf(access)).toMatch(expected);
    const found = await access.credentials.current();
    expect(!found.ok && found.error).toMatchObject({ kind: 'server-error' });
    expect(!found.ok && found.error.status).toBeUndefined();
  });

  it('is asked again after ever longer times, and at once with another sign-in', async () => {
    scene.provider.fault = { tokens: [503, ''] };
    const access = accessOf(kubeconfig({ refreshToken: scene.provider.signIn() }));
    const askedAfter = async (milliseconds: number): Promise<number> => {
      pass(milliseconds);
      await tokenOf(access);
      return scene.provider.asked.length;
    };

    expect(await askedAfter(0)).toBe(1);
    expect(await askedAfter(499)).toBe(1);
    expect(await askedAfter(1)).toBe(2);
    expect(await askedAfter(500)).toBe(2);
    expect(await askedAfter(500)).toBe(3);

    write('config', kubeconfig({ refreshToken: scene.provider.signIn() }));
    expect(await askedAfter(0)).toBe(4);
    scene.provider.fault = {};
    pass(60_000);
    expect(await tokenOf(access)).toMatch(/^Bearer /);
  });
});

describe('a proxy on the way to a provider', () => {
  const authority = new TestAuthority();
  const connected: string[] = [];
  let proxy: Server;
  let secure: RotatingProvider;

  beforeEach(async () => {
    connected.length = 0;
    secure = new RotatingProvider({
      expires: () => clock.now() + HOUR,
      host: 'sso.example.com',
      tls: authority.issue({ commonName: 'sso', names: ['sso.example.com'] }),
    });
    await secure.start();
    proxy = createServer();
    proxy.on('connect', (request, client) => {
      connected.push(request.url ?? '');
      const way = connect(secure.port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        way.pipe(client).pipe(way);
      });
      for (const end of [way, client]) end.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await secure.stop();
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });

  const env = (): Record<string, string> => ({
    HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  });
  const text = (certificate: string): string => {
    const more = `idp-certificate-authority-data: ${base64(certificate)}`;
    return kubeconfig({ refreshToken: secure.signIn(), more }).replace(scene.provider.issuer, secure.issuer);
  };

  it('is that of the environment, as for API servers', async () => {
    const tokens = new SignIns({ env: env(), clock });

    expect(await tokenOf(accessOf(text(authority.certificate), tokens))).toMatch(/^Bearer /);
    expect(new Set(connected)).toEqual(new Set(['sso.example.com:443']));
  });

  it('is passed by where the environment excludes the provider', async () => {
    const tokens = new SignIns({ env: { ...env(), NO_PROXY: 'sso.example.com' }, clock });

    expect(await tokenOf(accessOf(text(authority.certificate), tokens))).toMatch(/does not answer/);
    expect(connected).toEqual([]);
  });

  it('does not make another provider of it', async () => {
    const tokens = new SignIns({ env: env(), clock });

    expect(await tokenOf(accessOf(text(new TestAuthority().certificate), tokens))).toMatch(
      /^The OpenID provider sso.example.com cannot be asked: The server's certificate is not trusted: /,
    );
    expect(secure.asked).toHaveLength(0);
  });
});

it('a provider that cannot be used is said when the kubeconfig is read', () => {
  const text = kubeconfig().replace(/idp-issuer-url: .*/, 'idp-issuer-url: ftp://x');

  expect(problemsOf(text)).toEqual(['config:13:25: idp-issuer-url must be an https address.']);
});
