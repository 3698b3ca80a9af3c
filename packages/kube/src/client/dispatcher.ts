import { isIP } from 'node:net';
import type { Secret } from '@bulwark/core';
import { Agent, buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { ClientCertificate } from '../access/access.ts';
import { connectBySocks, type SocksTarget } from './socks.ts';

/** How long a connection may take, names, proxies and handshakes included. */
const CONNECT_MS = 10_000;
const IDLE_MS = 30_000;
const PORTS: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };
const SOCKS_PORT = '1080';
const BRACKETS = /^\[|\]$/g;
const SILENT = 'the SOCKS proxy does not answer in time';
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
  /** How long a connection may take, names, proxies and handshakes included, in milliseconds; ten seconds by default. */
  readonly withinMs?: number;
}

interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername: string;
  readonly rejectUnauthorized: boolean;
  readonly timeout: number;
}

/** How connections to a server are opened. */
interface Opening {
  /** Of TLS to the server. */
  readonly options: buildConnector.BuildOptions;
  /** A SOCKS proxy on the way. */
  readonly socks?: URL | undefined;
  /** How long one may take, in milliseconds. */
  readonly withinMs: number;
}

/** Connections to a server, opened when they are needed. They follow no redirection. */
export function dispatcherTo(server: URL, route: Route): Dispatcher {
  const { authorities, certificate, serverName, insecure = false, proxy, signal } = route;
  const { withinMs = CONNECT_MS } = route;
  const host = server.hostname.replace(BRACKETS, '');
  const tls: TlsOptions = {
    servername: serverName ?? (isIP(host) === 0 ? host : ''),
    rejectUnauthorized: !insecure,
    timeout: withinMs,
    ...(authorities !== undefined && { ca: authorities }),
    ...(certificate !== undefined && { cert: certificate.certificate, key: certificate.key.reveal() }),
  };
  const common = { keepAliveTimeout: IDLE_MS, maxHeaderSize: MOST_HEADER_BYTES };
  const through = proxy?.reveal();
  const isSocks = through !== undefined && /^socks5h?:$/.test(through.protocol);
  const direct: Opening = { options: tls, withinMs, ...(isSocks && { socks: through }) };
  if (through === undefined || isSocks)
    return new Agent({ ...common, connect: connectUntil(signal, direct) });
  const toProxy = connectUntil(signal, { options: { timeout: withinMs }, withinMs });
  return new ProxyAgent({
    ...common,
    uri: through.href,
    requestTls: tls,
    // Nothing but tunnels is asked of it.
    clientFactory: (origin) => new Pool(origin, { connect: toProxy, headersTimeout: withinMs }),
    connectTimeout: withinMs,
  });
}

/**
 * Makes connections that end with a signal, also while they are being made. Each has a signal of its own: what Node adds to
 * one for a connection, it does not take away again when that ends.
 */
function connectUntil(signal: AbortSignal | undefined, opening: Opening): buildConnector.connector {
  return (place, done) => {
    const own = new AbortController();
    const end = (): void => own.abort();
    if (signal?.aborted === true) end();
    signal?.addEventListener('abort', end, { once: true });
    const forget = (): void => signal?.removeEventListener('abort', end);
    // Its types leave out what it hands on to the socket.
    const options: buildConnector.BuildOptions & { readonly signal: AbortSignal } = {
      ...opening.options,
      signal: own.signal,
    };
    connect({ ...opening, options }, place, (...result) => {
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
function connect(opening: Opening, place: buildConnector.Options, done: buildConnector.Callback): void {
  const { options, withinMs } = opening;
  const end = performance.now() + withinMs;
  const leftMs = (): number => Math.max(1, Math.round(end - performance.now()));
  connectPlain(opening, place, leftMs, (...result) => {
    const [error, httpSocket] = result;
    if (error !== null || place.protocol !== 'https:') {
      done(...result);
      return;
    }
    try {
      buildConnector({ ...options, timeout: leftMs() })({ ...place, httpSocket }, done);
    } catch (fault) {
      // Of a certificate or an authority that cannot be read.
      httpSocket.destroy();
      done(fault as Error, null);
    }
  });
}

/**
 * Connects to a server, itself or by a proxy, which then has to do so within what is left of the time. That one resolves the name,
 * as socks5h asks and socks5 allows.
 */
function connectPlain(
  { options, socks }: Opening,
  place: buildConnector.Options,
  leftMs: () => number,
  done: buildConnector.Callback,
): void {
  const port = place.port === '' ? (PORTS[place.protocol] ?? '') : place.port;
  const server = { ...place, protocol: 'http:', port };
  if (socks === undefined) {
    buildConnector(options)(server, done);
    return;
  }
  const hostname = socks.hostname.replace(BRACKETS, '');
  const proxy = { ...server, host: socks.host, hostname, port: socks.port === '' ? SOCKS_PORT : socks.port };
  buildConnector(options)(proxy, (...result) => {
    const [error, socket] = result;
    if (error !== null) {
      done(...result);
      return;
    }
    const limit = setTimeout(() => socket.destroy(new Error(SILENT)), leftMs());
    connectBySocks(socket, { host: place.hostname, port: Number(port), ...loginOf(socks) })
      .finally(() => clearTimeout(limit))
      .then(
        () => done(null, socket),
        (fault: unknown) => {
          socket.destroy();
          done(fault as Error, null);
        },
      );
  });
}

function loginOf({ username, password }: URL): Pick<SocksTarget, 'login'> {
  if (username === '' || password === '') return {};
  return { login: { user: decodeURIComponent(username), password: decodeURIComponent(password) } };
}
