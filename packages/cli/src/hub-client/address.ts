import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Secret } from '@bulwark/core';
import { UsageError } from '../exit.ts';
import type { AskFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { reasonOf } from '../source/walk.ts';

export const ADDRESS_VARIABLE = 'BULWARK_HUB';
export const TOKEN_VARIABLE = 'BULWARK_HUB_TOKEN';
export const CA_VARIABLE = 'BULWARK_HUB_CA';

/** How somebody gets a token, for messages. */
export const HOW_TO_GET_A_TOKEN =
  'An administrator makes one under Settings, Tokens, or with bulwark hub token create on the machine of the hub.';

/** A hub, and how to be let in. */
export interface HubAddress {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: Secret<string>;
  /** Authorities that vouch for its certificate, as PEM; the usual ones where there is none. */
  readonly ca?: string;
  /** Through which it is reached. */
  readonly proxy?: Secret<URL> | undefined;
}

type Surroundings = Pick<Io, 'env' | 'cwd'>;

/**
 * The hub that a command is to ask: its address by flag or variable, its token by variable alone, as other users of a
 * machine see arguments.
 *
 * @throws UsageError with what is missing or wrong.
 */
export function hubAddress(flags: AskFlags, io: Surroundings): HubAddress {
  const variable = io.env[ADDRESS_VARIABLE] ?? '';
  const isFlag = flags.hub !== undefined;
  const written = flags.hub ?? variable;
  if (written === '')
    throw new UsageError(
      `which hub? --hub URL or the variable ${ADDRESS_VARIABLE} names one, such as https://hub.example.com:8420`,
    );
  const url = urlOf(written, isFlag ? '--hub' : ADDRESS_VARIABLE);
  const token = (io.env[TOKEN_VARIABLE] ?? '').trim();
  if (token === '')
    throw new UsageError(
      `${TOKEN_VARIABLE} is not set; the hub lets in whoever has a token. ${HOW_TO_GET_A_TOKEN}`,
    );
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UsageError(
      `${TOKEN_VARIABLE} holds more than a token: a blank, a line end or a letter that none has`,
    );
  const ca = authoritiesOf(flags, io);
  return { url, token: new Secret(token), ...(ca !== undefined && { ca }) };
}

function authoritiesOf({ ca }: AskFlags, { env, cwd }: Surroundings): string | undefined {
  const path = ca ?? env[CA_VARIABLE] ?? '';
  return path === ''
    ? undefined
    : authoritiesIn(resolve(cwd, path), `${ca === undefined ? CA_VARIABLE : '--ca'}: ${path}`);
}

function urlOf(written: string, source: string): string {
  // What is wrong may be a password in it, so that it is not repeated.
  if (!URL.canParse(written))
    throw new UsageError(`${source} must be an address such as https://hub.example.com:8420`);
  const { protocol, hostname, username, password, search, hash, origin, pathname } = new URL(written);
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new UsageError(`${source} must begin with https://`);
  if (username !== '' || password !== '')
    throw new UsageError(`${source} must hold no name and password; ${TOKEN_VARIABLE} holds the token`);
  if (search !== '' || hash !== '')
    throw new UsageError(`${source} must be the address of the hub alone, without ? and #`);
  if (protocol === 'http:' && !isLoopback(hostname))
    throw new UsageError(
      `${source} must begin with https://, as the token would be readable on its way to ${hostname}`,
    );
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function authoritiesIn(path: string, named: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${named}: ${reasonOf(error)}`);
  }
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw new UsageError(`${named} holds no certificate in PEM`);
  // TLS would pass over what it cannot read, and then trust nobody.
  if (!certificates.every(isCertificate))
    throw new UsageError(`${named} holds a certificate that cannot be read`);
  return text;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    // No certificate: said by the caller.
    return false;
  }
}
