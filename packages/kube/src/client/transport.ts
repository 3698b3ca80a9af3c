import { setMaxListeners } from 'node:events';
import { isIP } from 'node:net';
import { err, ok, type Result } from '@bulwark/core';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { ClientCertificate, ClusterAccess } from '../access/access.ts';
import { failure, type KubeFailure } from './failure.ts';

/** How long a connection may take, names and handshake included. */
const CONNECT_MS = 10_000;
const IDLE_MS = 30_000;
/** Only the head of what a server sends; the body has limits of its own. */
const MOST_HEADER_BYTES = 64 * 1024;

interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername: string;
  readonly rejectUnauthorized: boolean;
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * The connections to a cluster. A new certificate, of the client or of the authority, opens new connections; those of
 * before end with their requests.
 */
export class Transport {
  private readonly access: ClusterAccess;
  private dispatcher: Dispatcher | undefined;
  private certificate: ClientCertificate | undefined;
  /** Aborts at the end: a dispatcher that is destroyed waits for connections that are being made. */
  private readonly ending = new AbortController();

  constructor(access: ClusterAccess) {
    this.access = access;
    // Every connection that is open listens to it, which is no leak.
    setMaxListeners(0, this.ending.signal);
  }

  /** Connections that use a client certificate. */
  async for(certificate: ClientCertificate | undefined): Promise<Result<Dispatcher, KubeFailure>> {
    if (this.ending.signal.aborted) return err(failure('aborted', 'The connections are closed.'));
    if (this.dispatcher !== undefined && isSame(certificate, this.certificate)) return ok(this.dispatcher);
    const { trust } = this.access;
    const authorities = trust.insecure ? ok(undefined) : await trust.authorities();
    if (!authorities.ok) return authorities;
    this.forget();
    try {
      this.dispatcher = dispatcherFor(this.access, {
        authorities: authorities.value,
        certificate,
        signal: this.ending.signal,
      });
    } catch (error) {
      return err(failure('credentials', `No connection can be made: ${errorText(error)}.`));
    }
    this.certificate = certificate;
    return ok(this.dispatcher);
  }

  /** Opens new connections from now on: what is trusted may have changed. */
  forget(): void {
    // Ends after the requests that are under way.
    this.dispatcher?.close().catch(() => undefined);
    this.dispatcher = undefined;
  }

  /** Cuts all connections, also those of before and those that are being made; none is opened any more. */
  async close(): Promise<void> {
    const { dispatcher } = this;
    this.dispatcher = undefined;
    this.ending.abort();
    await dispatcher?.destroy();
  }
}

function isSame(a: ClientCertificate | undefined, b: ClientCertificate | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.certificate === b.certificate && a.key.reveal() === b.key.reveal();
}

function dispatcherFor(
  { server, trust, proxy }: ClusterAccess,
  {
    authorities,
    certificate,
    signal,
  }: {
    readonly authorities: string | undefined;
    readonly certificate: ClientCertificate | undefined;
    readonly signal: AbortSignal;
  },
): Dispatcher {
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const tls: TlsOptions = {
    servername: trust.serverName ?? (isIP(host) === 0 ? host : ''),
    rejectUnauthorized: !trust.insecure,
    timeout: CONNECT_MS,
    signal,
    ...(authorities !== undefined && { ca: authorities }),
    ...(certificate !== undefined && { cert: certificate.certificate, key: certificate.key.reveal() }),
  };
  const common = { keepAliveTimeout: IDLE_MS, maxHeaderSize: MOST_HEADER_BYTES };
  const through = proxy?.reveal();
  if (through === undefined) return new Agent({ ...common, connect: tls });
  // Names are resolved by the proxy, as socks5h asks and socks5 allows.
  const uri = through.href.replace(/^socks5h:/, 'socks5:');
  const toProxy = { timeout: CONNECT_MS, signal };
  const isSocks = uri.startsWith('socks');
  return new ProxyAgent({
    ...common,
    uri,
    requestTls: tls,
    // A SOCKS proxy with settings for TLS would be spoken to over TLS.
    ...(!isSocks && { proxyTls: toProxy }),
    connectTimeout: CONNECT_MS,
  });
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'unknown error';
}
