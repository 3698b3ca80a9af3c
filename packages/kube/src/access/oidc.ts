import { err, isObject, ok, type Result, Secret, stringAt } from '@bulwark/core';
import { Agent, type Dispatcher } from 'undici';
import { wholeBody } from '../client/body.ts';
import { failure, failureOfError, type KubeFailure } from '../client/failure.ts';
import type { Clock } from '../clock.ts';
import type { Credentials } from './access.ts';
import { bearer, type Issued, issuedCredentials } from './credentials.ts';
import { expiryOf } from './token-lifetime.ts';

/** A user of an OpenID provider, as the `oidc` provider of a kubeconfig describes it. */
export interface OidcUser {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: Secret<string> | undefined;
  readonly idToken: Secret<string> | undefined;
  readonly refreshToken: Secret<string> | undefined;
  /** PEM certificates of the provider's authorities. */
  readonly authorities: () => Promise<Result<string | undefined, KubeFailure>>;
}

/** A token is not used in its last moments: it would expire on its way. */
const MARGIN_MS = 10_000;
const TIMEOUT_MS = 30_000;
const MOST_BYTES = 1024 * 1024;

/**
 * The ID token while it is good, then those that the provider issues for the refresh token. New tokens stay in memory:
 * the kubeconfig is never written.
 */
export function oidcCredentials(user: OidcUser, clock: Clock): Credentials {
  let refreshToken = user.refreshToken;
  let first = user.idToken;
  return issuedCredentials(
    async (signal) => {
      const given = first;
      first = undefined;
      if (given !== undefined) {
        const expires = expiryOf(given.reveal());
        if (expires === undefined || expires - MARGIN_MS > clock.now())
          return ok(issuedOf(given.reveal(), expires));
      }
      if (refreshToken === undefined)
        return refuse('The ID token has expired and there is no refresh token: sign in again');
      const tokens = await refresh(user, refreshToken, signal);
      if (!tokens.ok) return tokens;
      // A provider that rotates refresh tokens takes each of them once.
      refreshToken = tokens.value.refreshToken ?? refreshToken;
      const idToken = tokens.value.idToken.reveal();
      return ok(issuedOf(idToken, expiryOf(idToken)));
    },
    () => clock.now(),
  );
}

function issuedOf(token: string, expires: number | undefined): Issued {
  return {
    credential: { authorization: bearer(token) },
    expires: expires === undefined ? undefined : expires - MARGIN_MS,
  };
}

interface Tokens {
  readonly idToken: Secret<string>;
  readonly refreshToken: Secret<string> | undefined;
}

async function refresh(
  user: OidcUser,
  refreshToken: Secret<string>,
  signal: AbortSignal,
): Promise<Result<Tokens, KubeFailure>> {
  const authorities = await user.authorities();
  if (!authorities.ok) return authorities;
  const ca = authorities.value;
  const dispatcher = new Agent({ connect: { timeout: TIMEOUT_MS, signal, ...(ca !== undefined && { ca }) } });
  const cut = (): void => void dispatcher.destroy();
  signal.addEventListener('abort', cut, { once: true });
  try {
    const endpoint = await tokenEndpoint(user.issuer, dispatcher);
    return endpoint.ok
      ? await askForTokens({ user, refreshToken, endpoint: endpoint.value, dispatcher })
      : endpoint;
  } catch (error) {
    return refuse(
      `The OpenID provider ${user.issuer.host} does not answer: ${failureOfError(error).message}`,
    );
  } finally {
    signal.removeEventListener('abort', cut);
    await dispatcher.destroy();
  }
}

async function tokenEndpoint(issuer: URL, dispatcher: Dispatcher): Promise<Result<URL, KubeFailure>> {
  const path = `${issuer.pathname.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await dispatcher.request({
    origin: issuer.origin,
    path,
    method: 'GET',
    headersTimeout: TIMEOUT_MS,
  });
  const configuration = await objectOf(response);
  const endpoint = stringAt(configuration, 'token_endpoint');
  if (response.statusCode !== 200 || endpoint === undefined || !URL.canParse(endpoint))
    return refuse(`The OpenID provider ${issuer.host} does not say where it issues tokens`);
  const url = new URL(endpoint);
  // The refresh token goes there: never over a connection that is less safe than the one that named it.
  if (url.protocol !== issuer.protocol)
    return refuse(`The OpenID provider ${issuer.host} issues tokens without TLS`);
  return ok(url);
}

async function askForTokens(asked: {
  readonly user: OidcUser;
  readonly refreshToken: Secret<string>;
  readonly endpoint: URL;
  readonly dispatcher: Dispatcher;
}): Promise<Result<Tokens, KubeFailure>> {
  const { user, refreshToken, endpoint, dispatcher } = asked;
  const secret = user.clientSecret?.reveal() ?? '';
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken.reveal() };
  const encoded = [user.clientId, secret].map(encodeURIComponent).join(':');
  // Providers differ in how a client proves itself, and say so only by a refusal.
  const styles = [
    { headers: { authorization: `Basic ${Buffer.from(encoded).toString('base64')}` }, form },
    {
      headers: {},
      form: { ...form, client_id: user.clientId, ...(secret !== '' && { client_secret: secret }) },
    },
  ];
  let status = 0;
  for (const style of styles) {
    const response = await dispatcher.request({
      origin: endpoint.origin,
      path: endpoint.pathname + endpoint.search,
      method: 'POST',
      headers: {
        ...style.headers,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: new URLSearchParams(style.form).toString(),
      headersTimeout: TIMEOUT_MS,
    });
    const answer = await objectOf(response);
    status = response.statusCode;
    const idToken = stringAt(answer, 'id_token');
    const next = stringAt(answer, 'refresh_token');
    if (status === 200 && idToken !== undefined)
      return ok({
        idToken: new Secret(idToken),
        refreshToken: next === undefined ? undefined : new Secret(next),
      });
  }
  return refuse(
    `The OpenID provider ${user.issuer.host} issues no new ID token (status ${status}): sign in again`,
  );
}

async function objectOf(response: Dispatcher.ResponseData): Promise<unknown> {
  const body = await wholeBody(response.body, undefined, MOST_BYTES);
  if (!body.ok) return undefined;
  try {
    const value: unknown = JSON.parse(body.value.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function refuse(message: string): Result<never, KubeFailure> {
  return err(failure('credentials', `${message}.`));
}
