import { isIP } from 'node:net';
import type { Secret } from '@bulwark/core';
import { Agent, buildConnector, type Dispatcher, Pool, ProxyAgent, Socks5ProxyAgent } from 'undici';
import type { ClientCertificate } from '../access/access.ts';

/** How long a connection may take, names and handshake included. */
const CONNECT_MS = 10_000;
const IDLE_MS = 30_000;
const HTTPS = '443';
/** Only the head of what a server sends; the body has limits of its own. */
const MOST_HEADER_BYTES = 64 * 1024;

/** How a server is reached, and known to be the right one. */
export interface Route {
  /** As PEM; the usual ones where there are none. */
  readonly authorities?: string | undefined;
  /** Shown to a server that asks for one. */
  readonly certificate?: ClientCertificate | undefined;
  /** The name that its certificate has to have; that of its address where there is none. */
  readonly serverName?: string | undefined;
  /** Any certificate will do. */
  readonly insecure?: boolean;
  /** Sees nothing of what is sent to a server over TLS but its name: the handshake goes through a tunnel. */
  readonly proxy?: Secret<URL> | undefined;
  /** Ends connections that are being made. */
  readonly signal?: AbortSignal;
}

interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername: string;
  readonly rejectUnauthorized: boolean;
  readonly timeout: number;
}

/** Connections to a server, opened when they are needed. They follow no redirection. */
export function dispatcherTo(server: URL, route: Route): Dispatcher {
  const { authorities, certificate, serverName, insecure = false, proxy, signal } = route;
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const tls: TlsOptions = {
    servername: serverName ?? (isIP(host) === 0 ? host : ''),
    rejectUnauthorized: !insecure,
    timeout: CONNECT_MS,
    ...(authorities !== undefined && { ca: authorities }),
    ...(certificate !== undefined && { cert: certificate.certificate, key: certificate.key.reveal() }),
  };
  const common = { keepAliveTimeout: IDLE_MS, maxHeaderSize: MOST_HEADER_BYTES };
  const through = proxy?.reveal();
  if (through === undefined) return new Agent({ ...common, connect: connectUntil(signal, tls) });
  const toProxy = connectUntil(signal, { timeout: CONNECT_MS });
  if (/^socks5h?:$/.test(through.protocol)) return throughSocks(through, tls, toProxy);
  return new ProxyAgent({
    ...common,
    uri: through.href,
    requestTls: tls,
    clientFactory: (origin) => new Pool(origin, { connect: toProxy }),
    connectTimeout: CONNECT_MS,
  });
}

/**
 * Makes connections that end with a signal, also while they are being made. Each has a signal of its own: what Node adds to
 * one for a connection, it does not take away again when that ends.
 */
function connectUntil(
  signal: AbortSignal | undefined,
  options: buildConnector.BuildOptions,
): buildConnector.connector {
  return (place, done) => {
    const own = new AbortController();
    const end = (): void => own.abort();
    if (signal?.aborted === true) end();
    signal?.addEventListener('abort', end, { once: true });
    const forget = (): void => signal?.removeEventListener('abort', end);
    // Its types leave out what it hands on to the socket.
    const ending: buildConnector.BuildOptions & { readonly signal: AbortSignal } = {
      ...options,
      signal: own.signal,
    };
    connect(ending, place, (...result) => {
      const [, socket] = result;
      if (socket?.closed === false) socket.once('close', forget);
      else forget();
      done(...result);
    });
  };
}

/**
 * Connects, and then begins TLS where it is asked for. Where Node makes both in one, what a server sends that was silent for long
 * and is given up by then ends the process (Node 20, `onread`). Begun on a socket that still connects, TLS would be lost with the
 * first address of a name that does not answer: each of them has a handle of its own.
 */
function connect(
  options: buildConnector.BuildOptions,
  place: buildConnector.Options,
  done: buildConnector.Callback,
): void {
  if (place.protocol !== 'https:') {
    buildConnector(options)(place, done);
    return;
  }
  const began = performance.now();
  const plain = { ...place, protocol: 'http:', port: place.port === '' ? HTTPS : place.port };
  buildConnector(options)(plain, (...result) => {
    const [error, httpSocket] = result;
    if (error !== null) {
      done(...result);
      return;
    }
    const timeout = Math.max(1, Math.round(CONNECT_MS - (performance.now() - began)));
    try {
      buildConnector({ ...options, timeout })({ ...place, httpSocket }, done);
    } catch (fault) {
      // Of a certificate or an authority that cannot be read.
      httpSocket.destroy();
      done(fault as Error, null);
    }
  });
}

/** Names are resolved by the proxy, as socks5h asks and socks5 allows. */
function throughSocks(proxy: URL, tls: TlsOptions, toProxy: buildConnector.connector): Dispatcher {
  // Its types leave out the settings that it takes for TLS to the server.
  const options: Socks5ProxyAgent.Options & { readonly requestTls: TlsOptions } = {
    requestTls: tls,
    connect: (place, done) =>
      toProxy(place, (...result) => {
        const [, socket] = result;
        // The agent waits for an answer or an error, and would not notice that a proxy hangs up.
        socket?.once('end', () => socket.destroy(new Error('the proxy hung up')));
        done(...result);
      }),
  };
  return new Socks5ProxyAgent(proxy.href.replace(/^socks5h:/, 'socks5:'), options);
}
