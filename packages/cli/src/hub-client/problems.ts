import type { Problem } from '@bulwark/api';
import { UsageError } from '../exit.ts';
import { HOW_TO_GET_A_TOKEN, TOKEN_VARIABLE } from './address.ts';
import type { NoAnswer } from './send.ts';

const UNKNOWN_AUTHORITY =
  'its certificate is signed by an authority that is not known here; --ca FILE names the one to trust';
const NOT_UNDERSTOOD = 'what answers there does not speak the protocol of the address; http:// or https://?';

/** Why there was no answer, by the code of Node, OpenSSL or the system. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no machine has that name',
  EAI_AGAIN: 'the name could not be looked up',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'there is no way to that machine',
  ENETUNREACH: 'there is no way to that network',
  ECONNRESET: 'it closed the connection',
  SILENT: 'it did not answer in time',
  TOO_LARGE: 'its answer is larger than any of a hub',
  REDIRECTED: 'it sends to another address; name the one where the hub is',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  CERT_SIGNATURE_FAILURE: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: 'its certificate has ended',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for other names',
  EPROTO: NOT_UNDERSTOOD,
  ERR_SSL_WRONG_VERSION_NUMBER: NOT_UNDERSTOOD,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NOT_UNDERSTOOD,
};

/** A hub that gave no answer, as a user can do something about it. */
export function noAnswer(url: string, { code }: NoAnswer): UsageError {
  const isProtocol = code.startsWith('HPE_') || code.startsWith('ERR_SSL_');
  const reason = REASONS[code] ?? (isProtocol ? NOT_UNDERSTOOD : code);
  return new UsageError(`the hub at ${url} cannot be reached: ${reason}`);
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
