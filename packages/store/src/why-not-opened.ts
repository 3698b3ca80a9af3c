import type { Secret } from '@bulwark/core';
import { type Place, placeOf, UNREADABLE } from './address.ts';

type Sentence = (place: Place, code: string) => string;

/** What an error is asked for; its text is never shown, as it may hold what was asked. */
interface Told {
  readonly code: string;
  readonly message: string;
  /** Of the system. */
  readonly syscall: string;
  /** Of a file that could not be read. */
  readonly path: string;
}

/**
 * Why a database could not be opened, and what to do: one sentence, without the password.
 *
 * @param error of pg, the system or PostgreSQL.
 */
export function whyNotOpened(error: unknown, url: Secret<string>): string {
  const { code, message, syscall, path } = toldBy(error);
  // The addresses of certificates are read with the address of the database.
  if (syscall === 'open')
    return `The file ${path}, which the address of the database names, cannot be read (${code}).`;
  if (code === 'ERR_INVALID_URL' || error instanceof URIError) return UNREADABLE;
  const place = placeIn(url);
  if (place === undefined) return UNREADABLE;
  const sentence = BY_TEXT.find(([text]) => text.test(message))?.[1] ?? byCode(code);
  if (sentence !== undefined) return sentence(place, code);
  return code === ''
    ? `The database at ${place.server} does not answer.`
    : `The database ${place.database} at ${place.server} cannot be used: PostgreSQL says ${code}, and its log says more.`;
}

function toldBy(error: unknown): Told {
  const told = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  const text = (name: string): string => (typeof told[name] === 'string' ? told[name] : '');
  return { code: text('code'), message: text('message'), syscall: text('syscall'), path: text('path') };
}

function placeIn(url: Secret<string>): Place | undefined {
  try {
    return placeOf(url);
  } catch {
    // Read before, so that what it names is no longer there: nothing can be said of it.
    return undefined;
  }
}

function byCode(code: string): Sentence | undefined {
  return BY_CODE.find(([begin]) => code.startsWith(begin))?.[1];
}

const untrusted: Sentence = ({ server }, code) =>
  `The certificate of the database at ${server} is not trusted (${code}): name the file of its authority in the address (sslmode=verify-full&sslrootcert=FILE).`;
const unknownHost: Sentence = ({ host }, code) =>
  `The host name ${host} of the database cannot be looked up (${code}): correct it in the address, or the name service of this machine.`;
const unreachable: Sentence = ({ server }, code) =>
  `The database at ${server} cannot be reached (${code}): correct the address, or let this machine through to it.`;
const noSocket: Sentence = ({ server }, code) =>
  `PostgreSQL has no socket in ${server} that can be used (${code}): start it, or correct the address.`;
const cutOff: Sentence = ({ server }) =>
  `What listens at ${server} ends the connection without an answer: see to it that it is PostgreSQL and ready.`;
const silent: Sentence = ({ server }) =>
  `The database at ${server} does not answer in time: correct the address, let this machine through to it, or give the pooler there more connections.`;
const mayNot: Sentence = ({ user, database }) =>
  `The user ${user} may not make and use tables in the database ${database}, as a hub does: let it own the database (ALTER DATABASE ${ident(database)} OWNER TO ${ident(user)}) or make tables in its schema (GRANT USAGE, CREATE ON SCHEMA public TO ${ident(user)}); tables of another hub that are there must be its own.`;
const notReady: Sentence = ({ server }) =>
  `PostgreSQL at ${server} is starting or being stopped: start the hub again when it is ready.`;

/** Of what says no code. */
const BY_TEXT: readonly (readonly [RegExp, Sentence])[] = [
  [
    /does not support SSL/,
    ({ server }) =>
      `The address of the database asks for TLS (sslmode), and PostgreSQL at ${server} has none: set it up there (ssl = on), or ask for none where the network is to be trusted (sslmode=disable).`,
  ],
  [
    /client password must be/,
    ({ user }) => `PostgreSQL asks for the password of the user ${user}, and the address has none.`,
  ],
  [
    /unsupported startup parameter/,
    () =>
      'The pooler before the database refuses a setting that the address gives after its "?": take it out, or let the pooler pass over it (PgBouncer: ignore_startup_parameters).',
  ],
  [/timeout/i, silent],
  [/terminated unexpectedly/, cutOff],
];

/** By how a code begins: of PostgreSQL (Appendix A), the system or Node. The first that fits is taken. */
const BY_CODE: readonly (readonly [string, Sentence])[] = [
  ['ENOTFOUND', unknownHost],
  ['EAI_', unknownHost],
  [
    'ECONNREFUSED',
    ({ server }) =>
      `Nothing listens at ${server}: start PostgreSQL there, let it listen on that address (listen_addresses), or correct the address of the database.`,
  ],
  ['ENOENT', noSocket],
  ['EACCES', noSocket],
  ['ECONNRESET', cutOff],
  ['EPIPE', cutOff],
  ['ETIMEDOUT', unreachable],
  ['EHOSTUNREACH', unreachable],
  ['ENETUNREACH', unreachable],
  [
    'CERT_HAS_EXPIRED',
    ({ server }) => `The certificate of the database at ${server} has expired: renew it there.`,
  ],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    ({ host }) =>
      `The certificate of the database is not for the name ${host}: give the address with the name that it is for.`,
  ],
  ['CERT_', untrusted],
  ['SELF_SIGNED_CERT_IN_CHAIN', untrusted],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', untrusted],
  ['UNABLE_TO_', untrusted],
  [
    '08P01',
    ({ server, user, database }) =>
      `A pooler or PostgreSQL at ${server} refuses the connection to the database ${database} as the user ${user}: it has to know both, and its log says more.`,
  ],
  [
    '28P01',
    ({ user }) =>
      `PostgreSQL does not take the password of the user ${user}, or does not know that user: correct the address, in which characters of the password such as @ : / ? # and % are percent-encoded.`,
  ],
  [
    '28',
    ({ user, database }) =>
      `PostgreSQL does not let the user ${user} into the database ${database} from here: the user must be there and may log in, and pg_hba.conf has to allow it; where that asks for TLS, sslmode=verify-full in the address gives it.`,
  ],
  [
    '3D000',
    ({ user, database, server }) =>
      `There is no database ${database} at ${server}: make it (CREATE DATABASE ${ident(database)} OWNER ${ident(user)}), or correct the address.`,
  ],
  ['42501', mayNot],
  // No schema of the search path is one that the user may use.
  ['3F000', mayNot],
  [
    '25006',
    ({ server }) =>
      `The database at ${server} only reads, as a standby does: give the address of the primary.`,
  ],
  [
    '53300',
    ({ server }) =>
      `PostgreSQL at ${server} has no connection left: a hub takes up to twelve, and five more for each cluster; raise max_connections, or the limit of the user or database.`,
  ],
  ['57P', notReady],
];

function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
