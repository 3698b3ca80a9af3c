import type { Result, Secret } from '@bulwark/core';
import type { KubeFailure } from '../client/failure.ts';

/** How to reach a cluster, and as whom. Nothing in it connects by itself. */
export interface ClusterAccess {
  /** The name of the context, or `in-cluster`. */
  readonly name: string;
  /** The API server, with a path where the API lies below one; never with user or password. */
  readonly server: URL;
  /** The namespace that the context names; `default` where it names none. */
  readonly namespace: string;
  readonly trust: ServerTrust;
  /** A proxy on the way; it may hold a password. */
  readonly proxy: Secret<URL> | undefined;
  readonly impersonation: Impersonation | undefined;
  readonly credentials: Credentials;
  /** Whether the server may compress what it sends. */
  readonly compress: boolean;
}

/** Which server is the right one. */
export interface ServerTrust {
  /** The PEM certificates of the authorities to trust; undefined for those of the system. Read anew when a server is not trusted. */
  authorities(): Promise<Result<string | undefined, KubeFailure>>;
  /** The name that the certificate must have, where it is not the address. */
  readonly serverName: string | undefined;
  /** Take any certificate. Only ever set when a person asked for it by name. */
  readonly insecure: boolean;
}

/** As whom requests are made, where the credentials are another's. */
export interface Impersonation {
  readonly user: string;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** What proves to the server who asks. */
export interface Credential {
  /** The value of the Authorization header. */
  readonly authorization?: Secret<string>;
  readonly certificate?: ClientCertificate;
}

/** A certificate and its key, as PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: Secret<string>;
}

/** A source of credentials that may change while the process runs. */
export interface Credentials {
  /** What to send now; from a cache where that is still good. Concurrent callers share one look-up. */
  current(): Promise<Result<Credential, KubeFailure>>;
  /** Says that the server refused what `current` gave: the next call looks anew. */
  refused(): void;
  /** Ends a look-up that is under way; whoever waits for it is told that it failed. Afterwards `current` looks anew. */
  end?(): void;
}

/** Something in a kubeconfig that cannot be used. Lines and columns count from 1. */
export interface AccessProblem {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** A problem as one line of text: `FILE:LINE:COLUMN: MESSAGE`. */
export function printAccessProblem({ file, line, column, message }: AccessProblem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return `${place}: ${message}`;
}
