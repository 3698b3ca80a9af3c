import { isObject, stringAt } from '@bulwark/core';

/**
 * Why a request to a cluster did not succeed.
 *
 * - `unreachable`: no connection, or it broke. `untrusted`: the server's certificate is not one to trust.
 * - `timed-out`: connected, and no answer in time.
 * - `credentials`: there are none to send, such as when a plugin fails. `unauthorized`: the server refuses them.
 * - `forbidden`: the missing right is in the request's path. `not-found`: not served, or no such object.
 * - `expired`: a resource version or continue token is too old. `busy`: the server asks to come back later.
 * - `server-error`: status 5xx, or an OpenID provider that does not answer. `refused`: any other status. `garbled`: the answer is not what it must be.
 * - `too-large`: the answer has more bytes than are read.
 * - `aborted`: the caller gave up.
 */
export type KubeFailureKind =
  | 'unreachable'
  | 'untrusted'
  | 'timed-out'
  | 'credentials'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'expired'
  | 'busy'
  | 'server-error'
  | 'refused'
  | 'garbled'
  | 'too-large'
  | 'aborted';

/** A request that did not succeed. The message is for people and holds no credential. */
export interface KubeFailure {
  readonly kind: KubeFailureKind;
  readonly message: string;
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** A failure without an answer of the server. */
export function failure(kind: KubeFailureKind, message: string): KubeFailure {
  return { kind, message };
}

/** Whether the same request may succeed a little later. */
export function isPassing({ kind }: KubeFailure): boolean {
  return PASSING.has(kind);
}

const PASSING: ReadonlySet<KubeFailureKind> = new Set([
  'unreachable',
  'timed-out',
  'busy',
  'server-error',
  'garbled',
]);

const KIND_OF_STATUS: Readonly<Record<number, KubeFailureKind>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'not-found',
  410: 'expired',
  429: 'busy',
};

const LONGEST_MESSAGE = 500;

/** The failure that a status other than 2xx means. `body` is what came with it. */
export function failureOfStatus(status: number, body: string, retryAfter?: string): KubeFailure {
  const kind = KIND_OF_STATUS[status] ?? (status >= 500 ? 'server-error' : 'refused');
  const retryAfterMs = millisecondsOf(retryAfter);
  return {
    kind,
    status,
    message: messageOf(body) ?? `The server answers ${status}.`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** The message of a Status object, or the first line of what a proxy says in its place. */
function messageOf(body: string): string | undefined {
  let text = body;
  try {
    const parsed: unknown = JSON.parse(body);
    text = isObject(parsed) ? (stringAt(parsed, 'message') ?? '') : '';
  } catch {
    // No JSON: a proxy's own words, which must not be a page of HTML.
    if (body.trimStart().startsWith('<')) return undefined;
  }
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line === '' ? undefined : line.slice(0, LONGEST_MESSAGE);
}

/** Seconds as text. A date, which the API server never sends, counts as absent. */
function millisecondsOf(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined;
}

const UNTRUSTED = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'INVALID_CA',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const TIMED_OUT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** The failure that an error of the connection means. */
export function failureOfError(error: unknown, signal?: AbortSignal): KubeFailure {
  if (signal?.aborted === true) return failure('aborted', 'The request was given up.');
  const code = codeOf(error);
  const message = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'unknown error';
  if (UNTRUSTED.has(code))
    return failure('untrusted', `The server's certificate is not trusted: ${message}.`);
  if (TIMED_OUT.has(code)) return failure('timed-out', 'The server does not answer in time.');
  return failure('unreachable', code === '' || message.includes(code) ? message : `${message} (${code})`);
}

function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    if ('code' in at && typeof at.code === 'string') return at.code;
  return '';
}
