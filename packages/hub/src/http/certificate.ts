import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { err, ok, type Result } from '@bulwark/core';
import type { Check } from '../handlers/check.ts';

/** Files with a certificate chain and its key, PEM. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate chain and its key, PEM; they fit each other. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** When the first of the chain ends. */
  readonly until: Date;
}

/** Reads a certificate with its key. What is wrong is said without anything of what stands in the files. */
export function readCertificate({ cert, key }: CertificateFiles): Result<Certificate, string> {
  const read = (file: string): Result<string, string> => {
    try {
      return ok(readFileSync(file, 'utf8'));
    } catch (error) {
      return err(`${file} cannot be read (${codeOf(error)})`);
    }
  };
  const [chain, secret] = [read(cert), read(key)];
  if (!chain.ok) return chain;
  if (!secret.ok) return secret;
  try {
    createSecureContext({ cert: chain.value, key: secret.value });
    const until = new Date(new X509Certificate(chain.value).validTo);
    return ok({ cert: chain.value, key: secret.value, until });
  } catch (error) {
    return err(`${cert} and ${key} are not a certificate and its key (${codeOf(error)})`);
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'unreadable';
}

/** What takes a certificate for its next connections; those that are open keep theirs. */
export interface SecureServer {
  setSecureContext(certificate: { readonly cert: string; readonly key: string }): void;
}

export interface CertificateOptions {
  readonly files: CertificateFiles;
  /** The one that the server began with. */
  readonly first: Certificate;
  readonly server: SecureServer;
  readonly now: () => Date;
  /** Told that a new one is used, or what is wrong with it. */
  readonly say: (message: string) => void;
}

/** A certificate that is replaced when its files are. */
export interface KeptCertificate {
  /** How it is, for health. */
  check(): Check;
  stop(): void;
}

/** Mounted Secrets change by a link to another folder, which no watch of a file notices; so they are read again. */
const EVERY_MS = 2000;
const DAY_MS = 86_400_000;
const WARN_DAYS = 7;

/** Gives a server the certificate of its files whenever they change. What does not fit is said, and the old one stays. */
export function keepCertificate({ files, first, server, now, say }: CertificateOptions): KeptCertificate {
  let used = first;
  let fault: string | undefined;
  const look = (): void => {
    const next = readCertificate(files);
    if (!next.ok) {
      if (next.error !== fault) say(`The certificate was not replaced: ${next.error}.`);
      fault = next.error;
      return;
    }
    fault = undefined;
    if (next.value.cert === used.cert && next.value.key === used.key) return;
    server.setSecureContext(next.value);
    used = next.value;
    say(`New connections use a new certificate, good until ${dayOf(used.until)}.`);
  };
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return {
    check: () => {
      const left = used.until.getTime() - now().getTime();
      const ends = `The certificate ${left <= 0 ? 'ended' : 'ends'} on ${dayOf(used.until)}.`;
      const status =
        left <= 0 ? 'down' : fault !== undefined || left < WARN_DAYS * DAY_MS ? 'degraded' : 'ok';
      return {
        name: 'certificate',
        status,
        detail: fault === undefined ? ends : `${ends} The new one is not used: ${fault}.`,
      };
    },
    stop: () => clearInterval(timer),
  };
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
