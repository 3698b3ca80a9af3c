import { ok, type Result, Secret } from '@bulwark/core';
import type { KubeFailure } from '../client/failure.ts';
import type { Credential, Credentials } from './access.ts';
import type { FreshFile } from './fresh-file.ts';

/** Credentials that never change. */
export function fixedCredentials(credential: Credential): Credentials {
  return { current: async () => ok(credential), refused: () => undefined };
}

/** The header value for a bearer token. */
export function bearer(token: string): Secret<string> {
  return new Secret(`Bearer ${token.trim()}`);
}

/** The header value for a user name and a password. */
export function basic(user: string, password: string): Secret<string> {
  return new Secret(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
}

/** A token in a file that is rotated. */
export function tokenFileCredentials(file: FreshFile): Credentials {
  return {
    current: async () => {
      const text = await file.read();
      return text.ok ? ok({ authorization: bearer(text.value) }) : text;
    },
    refused: () => file.forget(),
  };
}

/** A client certificate, of which the parts that lie in files are rotated. */
export function certificateCredentials(
  certificate: string | FreshFile,
  key: Secret<string> | FreshFile,
): Credentials {
  const read = async (): Promise<Result<Credential, KubeFailure>> => {
    const first = typeof certificate === 'string' ? ok(certificate) : await certificate.read();
    if (!first.ok) return first;
    const second = key instanceof Secret ? ok(key.reveal()) : await key.read();
    if (!second.ok) return second;
    return ok({ certificate: { certificate: first.value, key: new Secret(second.value) } });
  };
  const refused = (): void => {
    if (typeof certificate !== 'string') certificate.forget();
    if (!(key instanceof Secret)) key.forget();
  };
  return { current: read, refused };
}

/** All that several sources give; a later one wins where two give the same. */
export function allOf(sources: readonly Credentials[]): Credentials {
  const [only] = sources;
  if (only !== undefined && sources.length === 1) return only;
  return {
    current: async () => {
      let all: Credential = {};
      for (const source of sources) {
        const found = await source.current();
        if (!found.ok) return found;
        all = { ...all, ...found.value };
      }
      return ok(all);
    },
    refused: () => {
      for (const source of sources) source.refused();
    },
    end: () => {
      for (const source of sources) source.end?.();
    },
  };
}

/** What a source of credentials looks up, and until when it is good. */
export interface Issued {
  readonly credential: Credential;
  /** Milliseconds since the epoch; undefined for what is good until it is refused. */
  readonly expires: number | undefined;
}

/** What is new is used that long at least: with a clock that is wrong, every request would have something issued. */
const SHORTEST_USE_MS = 30_000;

/**
 * Credentials that something else issues for a time. One look-up runs at a time, whoever asks; a failure is not
 * remembered. Its signal aborts when nobody wants the answer any more.
 */
export function issuedCredentials(
  issue: (signal: AbortSignal) => Promise<Result<Issued, KubeFailure>>,
  now: () => number,
): Credentials {
  let cached: { readonly credential: Credential; readonly until: number } | undefined;
  let running: Promise<Result<Issued, KubeFailure>> | undefined;
  let ending = new AbortController();
  return {
    current: async () => {
      if (cached !== undefined && now() < cached.until) return ok(cached.credential);
      running ??= issue(ending.signal).finally(() => {
        running = undefined;
      });
      const issued = await running;
      if (!issued.ok) return issued;
      const { credential, expires = Number.POSITIVE_INFINITY } = issued.value;
      cached = { credential, until: Math.max(expires, now() + SHORTEST_USE_MS) };
      return ok(credential);
    },
    refused: () => {
      cached = undefined;
    },
    end: () => {
      ending.abort();
      ending = new AbortController();
    },
  };
}
