import type { Problem } from '@bulwark/api';
import { UsageError } from '../exit.ts';
import { HOW_TO_GET_A_TOKEN, type HubAddress, TOKEN_VARIABLE } from './address.ts';
import type { NoAnswer } from './send.ts';

const UNKNOWN_AUTHORITY =
  'its certificate is signed by an authority that is not known here; --ca FILE names the one to trust';
const NOT_UNDERSTOOD = 'what answers there does not speak the protocol of the address; http:// or https://?';
const SILENT = 'it did not answer in time; is something on the way that lets nothing through?';
const CLOSED = 'it closed the connection; if that happens again, its log says why';

/** Why there was no answer and what to do, by the code of Node, OpenSSL, undici or the system. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; is it running, and is that its address?',
  ENOTFOUND: 'no machine has that name; is it written right?',
  EAI_AGAIN: 'the name could not be looked up; is this machine connected?',
  ETIMEDOUT: SILENT,
  EHOSTUNREACH: 'there is no way to that machine; is it on, and this one connected?',
  ENETUNREACH: 'there is no way to that network; is this machine connected?',
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  UND_ERR_CONNECT_TIMEOUT: SILENT,
  UND_ERR_HEADERS_TIMEOUT: SILENT,
  UND_ERR_BODY_TIMEOUT: SILENT,
  TOO_LARGE: 'its answer is larger than any of a hub; is that its address?',
  REDIRECTED: 'it sends to another address; name the one where the hub is',
  PROXY_AUTHENTICATION: 'the proxy asks who you are; its address takes a name and a password before the @',
  PROXY_REFUSED: 'the proxy refuses to connect there; NO_PROXY lists what is reached without it',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  CERT_SIGNATURE_FAILURE: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: 'its certificate has ended; whoever runs it has to renew it',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; are the clocks right?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for other names; ask for it by one of those',
  EPROTO: NOT_UNDERSTOOD,
  ERR_SSL_WRONG_VERSION_NUMBER: NOT_UNDERSTOOD,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NOT_UNDERSTOOD,
};

/** A hub that gave no answer, as a user can do something about it. */
export function noAnswer({ url, proxy }: Pick<HubAddress, 'url' | 'proxy'>, { code }: NoAnswer): UsageError {
  const isProtocol = code.startsWith('HPE_') || code.startsWith('ERR_SSL_');
  const reason = REASONS[code] ?? (isProtocol ? NOT_UNDERSTOOD : code);
  return new UsageError(`the hub at ${url} cannot be reached${throughText(proxy)}: ${reason}`);
}

/** The proxy without the password that its address may hold. */
function throughText(proxy: HubAddress['proxy']): string {
  if (proxy === undefined) return '';
  const { protocol, host } = proxy.reveal();
  return ` through the proxy ${protocol}//${host}`;
}

/** Who asked, and what for. */
export interface Asked {
  /** The query as written, to show in it what is wrong. */
  readonly q?: string | undefined;
  /** Who may do it, where the caller may not. */
  readonly allowed?: string | undefined;
}

/** A refusal of the hub, as a user can do something about it. */
export function refusal(problem: Problem, { q, allowed }: Asked): UsageError {
  const { status, title, detail, errors = [] } = problem;
  if (status === 401)
    return new UsageError(
      `the hub does not know the token in ${TOKEN_VARIABLE}; it has ended or was revoked. ${HOW_TO_GET_A_TOKEN}`,
    );
  const lead = detail ?? lower(title);
  const faults = errors.flatMap((fault) => faultLines(fault, q));
  return new UsageError(
    [
      `the hub ${status < SERVER_FAULTS ? 'refuses' : 'cannot answer'}: ${lead}${status === 403 && allowed !== undefined ? ` ${allowed}` : ''}`,
      ...faults,
    ].join('\n'),
  );
}

/** From here on it is not for the caller to mend (RFC 9110, 15.6). */
const SERVER_FAULTS = 500;

function lower(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

type Fault = NonNullable<Problem['errors']>[number];

/** A fault of a query stands below the query, at its place. */
function faultLines({ path, message, position, nearest }: Fault, q: string | undefined): string[] {
  const isSaid = nearest === undefined || message.includes(nearest);
  const meant = isSaid ? '' : `; did you mean ${nearest}?`;
  if (path !== 'q' || q === undefined || position === undefined) return [`  ${path}: ${message}${meant}`];
  return [`  ${q}`, `  ${' '.repeat(position)}^ ${message}${meant}`];
}
