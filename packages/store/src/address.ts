import { AppError, type Secret } from '@bulwark/core';
import pg from 'pg';

/** Schemes that pg reads; a path is that of a socket. Anything else it would take for a path on a host called "base". */
const SCHEME = /^(?:(?:postgres|postgresql|socket):|\/)/;
const PARTS = /^[^/]*\/\/([^/?#]*)(.*)$/s;

/** What is said of an address that cannot be read. */
export const UNREADABLE =
  'The address of the database cannot be read: it is postgres://USER:PASSWORD@HOST:PORT/DATABASE, and in the password characters such as @ : / ? # and % are percent-encoded.';

/** Parameters whose value may be any text. */
const READ_BEHIND =
  /(?<=[?&])(?:user|password|ssl(?:root)?cert|sslkey|(?:fallback_)?application_name|options)=[^&]*/g;

/** Modes of `sslmode` that pg takes for `verify-full`, with a page of warnings. */
const TAKEN_FOR_FULL = /([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/;

/**
 * The address of a database as pg is told it: a certificate that is asked for is verified in full, whichever mode asks for it,
 * unless the address wants the modes of libpq.
 *
 * @throws AppError `bad-request` where it is none, or pg would take a part of the password for a host and look it up.
 */
export function connectionString(url: Secret<string>): string {
  const text = url.reveal().trim();
  const [, authority = '', rest = ''] = PARTS.exec(text) ?? [];
  // What pg reads behind the database may have an @; else the one that ends a password was not reached.
  const isCutShort = rest.replaceAll(READ_BEHIND, '').includes('@');
  if (!SCHEME.test(text) || isCutShort) throw new AppError('bad-request', { detail: UNREADABLE });
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host.includes(',') || /[?&]host=[^&]*,/.test(rest))
    throw new AppError('bad-request', {
      detail: 'The address of the database names several hosts: give one, that of the primary.',
    });
  return /[?&]uselibpqcompat=true(?:&|$)/.test(rest) ? text : text.replace(TAKEN_FOR_FULL, '$1verify-full');
}

/** What of an address may be said. */
export interface Place {
  readonly host: string;
  /** Host and port, or the folder of a socket. */
  readonly server: string;
  readonly user: string;
  readonly database: string;
}

/** Where an address that pg can read leads, without the password. */
export function placeOf(url: Secret<string>): Place {
  const { host, port, user = '', database = '' } = new pg.Client({ connectionString: connectionString(url) });
  const server = host.startsWith('/') ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { host, server, user, database };
}
