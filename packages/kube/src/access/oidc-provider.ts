import { err, isObject, ok, type Result, Secret, stringAt } from '@bulwark/core';
import type { Dispatcher } from 'undici';
import { wholeBody } from '../client/body.ts';
import { dispatcherTo } from '../client/dispatcher.ts';
import { failure, failureOfError, type KubeFailure } from '../client/failure.ts';
import type { OidcUser } from './oidc-user.ts';
import { proxyFromEnvironment } from './proxy-environment.ts';

/** What a provider issues for a refresh token. */
export interface Tokens {
  readonly idToken: Secret<string>;
  /** The one for the next time; undefined where that of before is still good. */
  readonly refreshToken: Secret<string> | undefined;
}

/** How long a renewal may take from its beginning to its end, in milliseconds. */
export const RENEWAL_MS = 30_000;
const MOST_BYTES = 1024 * 1024;

/**
 * Asks the provider of a user for new tokens. It is not to be given up on the way: a provider that rotates refresh tokens
 * has taken the one of before as soon as it has read the request. A failure of kind `server-error` may pass by itself.
 *
 * @param env where proxies are named, as for API servers.
 */
export async function renewTokens(
  user: OidcUser,
  refreshToken: Secret<string>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<Tokens, KubeFailure>> {
  const authorities = await user.authorities();
  if (!authorities.ok) return authorities;
  const signal = AbortSignal.timeout(RENEWAL_MS);
  const ask = async (url: URL, request: Asked): Promise<Answer> => {
    const proxy = proxyFromEnvironment(url, env);
    const dispatcher = dispatcherTo(url, { authorities: authorities.value, proxy, signal });
    try {
      return await answerOf(
        await dispatcher.request({
          origin: url.origin,
          path: url.pathname + url.search,
          headersTimeout: RENEWAL_MS,
          bodyTimeout: RENEWAL_MS,
          signal,
          ...request,
        }),
      );
    } finally {
      await dispatcher.destroy();
    }
  };
  const provider = `The OpenID provider ${user.issuer.host}`;
  try {
    const endpoint = await tokenEndpoint(user.issuer, provider, ask);
    return endpoint.ok
      ? await tokensFrom(endpoint.value, { user, refreshToken, provider, ask })
      : err(endpoint.error);
  } catch (error) {
    const { kind, message } = failureOfError(error);
    if (kind === 'untrusted') return refuse(`${provider} cannot be asked: ${message}`);
    const why = signal.aborted ? `nothing within ${RENEWAL_MS / 1000} s` : message;
    return err(failure('server-error', `${provider} does not answer: ${why}.`));
  }
}

type Asked = Pick<Dispatcher.RequestOptions, 'method' | 'body'> & {
  readonly headers?: Record<string, string>;
};

interface Answer {
  readonly status: number;
  /** Undefined where the answer is no JSON object. */
  readonly body: unknown;
}

type Ask = (url: URL, request: Asked) => Promise<Answer>;

async function tokenEndpoint(issuer: URL, provider: string, ask: Ask): Promise<Result<URL, KubeFailure>> {
  const path = `${issuer.pathname.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await ask(new URL(path, issuer.origin), { method: 'GET' });
  const { status, body } = answer;
  if (isPassing(answer)) return away(provider, status);
  const endpoint = stringAt(body, 'token_endpoint');
  if (status !== 200 || endpoint === undefined || !URL.canParse(endpoint)) {
    const how = status === 200 ? '' : ` (status ${status})`;
    return refuse(`${provider} does not say where it issues tokens${how}.`);
  }
  const url = new URL(endpoint);
  // The refresh token goes there: never over a connection that is less safe than the one that named it.
  return url.protocol === issuer.protocol ? ok(url) : refuse(`${provider} issues tokens without TLS.`);
}

async function tokensFrom(
  endpoint: URL,
  asked: {
    readonly user: OidcUser;
    readonly refreshToken: Secret<string>;
    readonly provider: string;
    readonly ask: Ask;
  },
): Promise<Result<Tokens, KubeFailure>> {
  const { user, refreshToken, provider, ask } = asked;
  let answer: Answer = { status: 0, body: undefined };
  for (const { headers, form } of stylesOf(user)) {
    answer = await ask(endpoint, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refreshToken.reveal(),
        ...form,
      }).toString(),
    });
    // Only a client that was not known has used nothing up.
    if (answer.status === 200 || isPassing(answer) || errorOf(answer) === 'invalid_grant') break;
  }
  const idToken = stringAt(answer.body, 'id_token');
  const next = stringAt(answer.body, 'refresh_token');
  if (answer.status !== 200 || idToken === undefined) return refusal(answer, user, provider);
  return ok({
    idToken: new Secret(idToken),
    refreshToken: next === undefined ? undefined : new Secret(next),
  });
}

interface Style {
  readonly headers: Record<string, string>;
  readonly form: Record<string, string>;
}

/** Providers differ in how a client proves itself, and say so only by a refusal. One without a secret has nothing to prove. */
function stylesOf({ clientId, clientSecret }: OidcUser): readonly Style[] {
  const secret = clientSecret?.reveal() ?? '';
  const encoded = [clientId, secret].map(encodeURIComponent).join(':');
  const basic: Style = {
    headers: { authorization: `Basic ${Buffer.from(encoded).toString('base64')}` },
    form: {},
  };
  const plain: Style = {
    headers: {},
    form: { client_id: clientId, ...(secret !== '' && { client_secret: secret }) },
  };
  return secret === '' ? [plain, basic] : [basic, plain];
}

/** What was answered in the place of tokens; nothing of the provider's own words but the code. */
function refusal(answer: Answer, { clientId }: OidcUser, provider: string): Result<never, KubeFailure> {
  const { status } = answer;
  const error = errorOf(answer);
  if (isPassing(answer)) return away(provider, status);
  if (error === 'invalid_grant')
    return refuse(`${provider} no longer takes the refresh token (invalid_grant): sign in again.`);
  if (error === 'invalid_client')
    return refuse(
      `${provider} does not accept the client ${clientId} (invalid_client): see client-id and client-secret.`,
    );
  if (status === 200)
    return refuse(`${provider} answers without an ID token: sign in again, with the scope openid.`);
  const code = error === undefined ? '' : `, ${error}`;
  return refuse(`${provider} issues no new ID token (status ${status}${code}).`);
}

function errorOf({ body }: Answer): string | undefined {
  const error = stringAt(body, 'error');
  return error !== undefined && /^[\w.-]{1,60}$/.test(error) ? error : undefined;
}

/** Whether a provider, or what stands before it, may answer otherwise a little later. */
function isPassing({ status }: Answer): boolean {
  return status >= 500 || status === 429;
}

function away(provider: string, status: number): Result<never, KubeFailure> {
  return err(failure('server-error', `${provider} does not answer (status ${status}).`));
}

function refuse(message: string): Result<never, KubeFailure> {
  return err(failure('credentials', message));
}

async function answerOf({ statusCode, body }: Dispatcher.ResponseData): Promise<Answer> {
  const read = await wholeBody(body, undefined, MOST_BYTES);
  return { status: statusCode, body: read.ok ? objectOf(read.value) : undefined };
}

function objectOf(bytes: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    // No JSON: a proxy's own page.
    return undefined;
  }
}
