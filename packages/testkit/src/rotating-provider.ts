import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** An ID token that ends at a time in milliseconds. It is signed by nobody. */
export const tokenUntil = (milliseconds: number, name = ''): string =>
  ['{}', JSON.stringify({ exp: Math.floor(milliseconds / 1000), name }), 'sig']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

/** A request for tokens. */
export interface TokenRequest {
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}

/** How a provider is set up. */
export interface RotatingProviderOptions {
  /** When the ID tokens that it issues end. */
  readonly expires?: () => number;
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** As it is called in its configuration; the address by default. */
  readonly host?: string;
  /** Told of each ID token. */
  readonly onIssue?: (idToken: string) => void;
}

/** What is answered in the place of what should be; nothing for a connection that breaks. */
type ProviderFault = readonly [status: number, body: string] | 'broken';

/**
 * A provider that rotates refresh tokens as the real ones do: each is taken once, and one that comes again ends the sign-in
 * with all tokens of it.
 */
export class RotatingProvider {
  readonly asked: TokenRequest[] = [];
  /** How often a token was used again. */
  reused = 0;
  fault: { readonly configuration?: ProviderFault; readonly tokens?: ProviderFault } = {};
  /** Whether a refresh token is exchanged for another one. */
  rotates = true;
  clientStyle: 'basic' | 'form' | 'neither' = 'basic';
  /** Waited for before tokens are issued. */
  slow: Promise<unknown> = Promise.resolve();
  private readonly options: RotatingProviderOptions;
  private readonly server: Server;
  /** Each refresh token with the sign-in that it is of. */
  private readonly signIns = new Map<string, { readonly id: number; isUsed: boolean }>();
  private readonly ended = new Set<number>();
  private count = 0;

  constructor(options: RotatingProviderOptions = {}) {
    this.options = options;
    const { tls } = options;
    const handle = (request: IncomingMessage, response: ServerResponse): void =>
      void this.handle(request, response);
    this.server =
      tls === undefined
        ? createServer(handle)
        : createSecureServer({ cert: tls.certificate, key: tls.key }, handle);
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get issuer(): string {
    const { tls, host = `127.0.0.1:${this.port}` } = this.options;
    return `${tls === undefined ? 'http' : 'https'}://${host}`;
  }

  /** Signs a user in: the refresh token. */
  signIn(): string {
    return this.issue(++this.count);
  }

  /** Whether a refresh token would be taken. */
  takes(token: string): boolean {
    const signIn = this.signIns.get(token);
    return signIn !== undefined && !signIn.isUsed && !this.ended.has(signIn.id);
  }

  private issue(id: number): string {
    const token = `refresh-${id}-${this.signIns.size + 1}`;
    this.signIns.set(token, { id, isUsed: false });
    return token;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isGet = request.method === 'GET';
    const fault = isGet ? this.fault.configuration : this.fault.tokens;
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    if (!isGet)
      this.asked.push({
        authorization: request.headers.authorization,
        form: new URLSearchParams(Buffer.concat(parts).toString()),
      });
    if (fault === 'broken') {
      request.socket.destroy();
      return;
    }
    if (fault !== undefined) {
      response.writeHead(fault[0]).end(fault[1]);
      return;
    }
    if (isGet) {
      response.end(JSON.stringify({ token_endpoint: `${this.issuer}/token` }));
      return;
    }
    await this.slow;
    const [status, body] = this.answer(this.asked.at(-1) as TokenRequest);
    response.writeHead(status).end(JSON.stringify(body));
  }

  private answer({ authorization, form }: TokenRequest): readonly [number, object] {
    const style = authorization === undefined ? 'form' : 'basic';
    if (style !== this.clientStyle) return [401, { error: 'invalid_client' }];
    const token = form.get('refresh_token') ?? '';
    const signIn = this.signIns.get(token);
    if (signIn?.isUsed === true) {
      this.reused++;
      this.ended.add(signIn.id);
    }
    if (signIn === undefined || this.ended.has(signIn.id)) return [400, { error: 'invalid_grant' }];
    const expires = this.options.expires?.() ?? Date.now() + 3_600_000;
    const idToken = tokenUntil(expires, `${this.signIns.size}-${this.asked.length}`);
    this.options.onIssue?.(idToken);
    if (!this.rotates) return [200, { id_token: idToken }];
    signIn.isUsed = true;
    return [200, { id_token: idToken, refresh_token: this.issue(signIn.id) }];
  }
}
