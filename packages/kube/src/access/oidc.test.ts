import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ok, Secret } from '@bulwark/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type OidcUser, oidcCredentials } from './oidc.ts';

const NOW = Date.parse('2026-11-26T10:00:00Z');
const clock = { now: () => NOW, wait: async () => undefined };

const tokenUntil = (milliseconds: number): string =>
  ['{}', JSON.stringify({ exp: Math.floor(milliseconds / 1000) }), 'sig']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

interface Asked {
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** A provider that answers requests for tokens in turn. */
async function provider(answers: readonly (readonly [status: number, body: unknown])[], metadata?: object) {
  const asked: Asked[] = [];
  const left = [...answers];
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.method === 'GET') {
        response.end(JSON.stringify(metadata ?? { token_endpoint: `${url}/token` }));
        return;
      }
      asked.push({
        authorization: request.headers.authorization,
        form: new URLSearchParams(Buffer.concat(parts).toString()),
      });
      const [status, body] = left.shift() ?? [500, 'nothing left'];
      response.writeHead(status).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const user = (more: Partial<OidcUser> = {}): OidcUser => ({
    issuer: new URL(`${url}/realms/shop/`),
    clientId: 'kube',
    clientSecret: new Secret('client-s3cret'),
    idToken: new Secret(tokenUntil(NOW - 1000)),
    refreshToken: new Secret('refresh-1'),
    authorities: async () => ok(undefined),
    ...more,
  });
  return { asked, user };
}

async function tokenOf(credentials: ReturnType<typeof oidcCredentials>): Promise<string | undefined> {
  const found = await credentials.current();
  return found.ok
    ? found.value.authorization?.reveal()
    : found.error.message.replace(/127\.0\.0\.1:\d+/, 'HOST');
}

describe('a user of an OpenID provider', () => {
  it('has the token of the kubeconfig while it is good', async () => {
    const { user, asked } = await provider([]);
    const idToken = tokenUntil(NOW + 60_000);

    expect(await tokenOf(oidcCredentials(user({ idToken: new Secret(idToken) }), clock))).toBe(
      `Bearer ${idToken}`,
    );
    expect(asked).toHaveLength(0);
  });

  it('gets a new one for the refresh token, and the next for the refresh token that came with it', async () => {
    const [first, second] = [tokenUntil(NOW + 60_000), tokenUntil(NOW + 90_000)];
    const { user, asked } = await provider([
      [200, { id_token: first, refresh_token: 'refresh-2' }],
      [200, { id_token: second }],
    ]);
    const credentials = oidcCredentials(user(), clock);

    expect(await tokenOf(credentials)).toBe(`Bearer ${first}`);
    expect(await tokenOf(credentials)).toBe(`Bearer ${first}`);
    credentials.refused();
    expect(await tokenOf(credentials)).toBe(`Bearer ${second}`);

    expect(asked.map(({ form }) => form.get('refresh_token'))).toEqual(['refresh-1', 'refresh-2']);
    expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from('kube:client-s3cret').toString('base64')}`);
  });

  it('proves its client in the other way where the provider wants that', async () => {
    const token = tokenUntil(NOW + 60_000);
    const { user, asked } = await provider([
      [401, { error: 'invalid_client' }],
      [200, { id_token: token }],
    ]);

    expect(await tokenOf(oidcCredentials(user(), clock))).toBe(`Bearer ${token}`);
    expect(Object.fromEntries(asked[1]?.form ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
      client_id: 'kube',
      client_secret: 'client-s3cret',
    });
  });

  it('has to sign in again where no token is to be had, and nothing secret is said', async () => {
    const refused = await provider([
      [400, { error: 'invalid_grant' }],
      [400, { error: 'invalid_grant' }],
    ]);

    expect(await tokenOf(oidcCredentials(refused.user(), clock))).toBe(
      'The OpenID provider HOST issues no new ID token (status 400): sign in again.',
    );
    expect(await tokenOf(oidcCredentials(refused.user({ refreshToken: undefined }), clock))).toBe(
      'The ID token has expired and there is no refresh token: sign in again.',
    );
  });

  it('trusts no provider that names another kind of place for tokens, or none', async () => {
    const other = await provider([], { token_endpoint: 'ftp://x/token' });
    expect(await tokenOf(oidcCredentials(other.user(), clock))).toBe(
      'The OpenID provider HOST issues tokens without TLS.',
    );
    const none = await provider([], {});
    expect(await tokenOf(oidcCredentials(none.user(), clock))).toBe(
      'The OpenID provider HOST does not say where it issues tokens.',
    );
  });

  it('is told when the provider does not answer', async () => {
    const { user } = await provider([]);
    const gone = user();
    server?.close();
    server?.closeAllConnections();

    expect(await tokenOf(oidcCredentials(gone, clock))).toMatch(
      /^The OpenID provider HOST does not answer: .*ECONNREFUSED/,
    );
  });

  it('uses a token that does not say when it ends until it is refused', async () => {
    const { user } = await provider([]);

    expect(await tokenOf(oidcCredentials(user({ idToken: new Secret('opaque') }), clock))).toBe(
      'Bearer opaque',
    );
  });
});
