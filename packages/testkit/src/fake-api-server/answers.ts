import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { AGGREGATED, aggregatedDiscovery, plainDiscovery } from './discovery.ts';
import type { Fault } from './faults.ts';
import { Pages } from './pages.ts';
import type { ResourceType } from './resource-type.ts';
import { type Route, routeOf } from './route.ts';
import type { FakeApiServer } from './server.ts';
import { WatchStream } from './watch-stream.ts';

/** Answers from this size on are packed for those who take that. */
const PACKED_FROM = 128 * 1024;

/** Answers the requests of a fake API server. */
export class Answers {
  private readonly server: FakeApiServer;
  private readonly streams = new Set<WatchStream>();
  private readonly pages: Pages;
  private frozen = false;

  constructor(server: FakeApiServer) {
    this.server = server;
    this.pages = new Pages(server.store);
  }

  get watches(): number {
    return this.streams.size;
  }

  cutWatches(): void {
    for (const stream of this.streams) stream.cut();
  }

  forgetPages(): void {
    this.pages.forget();
  }

  freeze(): () => void {
    this.frozen = true;
    for (const stream of this.streams) stream.freeze();
    return () => {
      this.frozen = false;
    };
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.frozen) return;
    const url = new URL(request.url ?? '/', 'http://server');
    const route = routeOf(url, this.server.served());
    this.server.requests.push({ ...route.facts, query: url.searchParams, headers: request.headers });
    const skew = this.server.options.clockSkewMs ?? 0;
    response.setHeader('date', new Date(Date.now() + skew).toUTCString());
    const fault = this.server.faults.next(route.facts);
    if (fault !== undefined && (await this.spoil(fault, response))) return;
    if (!this.isKnown(request)) return status(response, 401, 'Unauthorized');
    const { verb, group, resource } = route.facts;
    if (this.server.forbids(route.facts))
      return status(
        response,
        403,
        `${resource}.${group} is forbidden: User "fake" cannot ${verb} resource "${resource}"`,
      );
    if (verb === 'discovery') return this.discovery(request, response, url.pathname);
    if (route.type === undefined)
      return status(response, 404, 'the server could not find the requested resource');
    this.resource({ request, response, url, route }, fault);
  }

  /** Acts out a fault; answers whether that was all. */
  private async spoil(fault: Fault, response: ServerResponse): Promise<boolean> {
    if ('delayMs' in fault) await sleep(fault.delayMs);
    else if ('cut' in fault) response.destroy();
    else if ('status' in fault) {
      if (fault.retryAfter !== undefined) response.setHeader('retry-after', String(fault.retryAfter));
      if (fault.body === undefined)
        status(response, fault.status, fault.message ?? 'a fault that was asked for');
      else response.writeHead(fault.status, { 'content-type': 'text/html' }).end(fault.body);
    }
    return 'hang' in fault || 'cut' in fault || 'status' in fault;
  }

  private isKnown(request: IncomingMessage): boolean {
    const { tokens, options } = this.server;
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token !== undefined) return tokens?.has(token) ?? true;
    if (options.clientAuthority !== undefined) return (request.socket as TLSSocket).authorized;
    return tokens === undefined;
  }

  private discovery(request: IncomingMessage, response: ServerResponse, path: string): void {
    if (path === '/version') {
      json(response, { major: '1', gitVersion: this.server.version });
      return;
    }
    const wanted = (request.headers.accept ?? '').includes('as=APIGroupDiscoveryList');
    if (wanted && this.server.options.aggregated !== false && (path === '/api' || path === '/apis')) {
      const own = this.told().filter(({ group }) => (group === '') === (path === '/api'));
      response.setHeader('content-type', AGGREGATED);
      response.end(JSON.stringify(aggregatedDiscovery(own, this.server.staleGroups)));
      return;
    }
    const [, , group = '', version] = path.split('/');
    const isAway = version !== undefined && this.server.staleGroups.has(group);
    const found = plainDiscovery(path === '/apis' ? this.told() : this.server.served(), path);
    if (isAway) status(response, 503, 'the server is currently unable to handle the request');
    else if (found === undefined) status(response, 404, 'the server could not find the requested resource');
    else json(response, found);
  }

  /** What the answers that tell of all groups name. */
  private told(): readonly ResourceType[] {
    return this.server.served().filter(({ group }) => !this.server.untoldGroups.has(group));
  }

  private resource(
    asked: { request: IncomingMessage; response: ServerResponse; url: URL; route: Route },
    fault: Fault | undefined,
  ): void {
    const { request, response, url, route } = asked;
    const { type, facts, name, version } = route;
    if (type === undefined) return;
    if (facts.verb === 'watch') {
      const { bookmarkMs } = this.server.options;
      const stream = new WatchStream({
        store: this.server.store,
        response,
        url,
        type,
        facts,
        bookmarkMs,
        fault,
      });
      this.streams.add(stream);
      response.once('close', () => this.streams.delete(stream));
      stream.start();
      return;
    }
    if (name !== undefined) {
      const found = this.server.store.find(type.group, type.kind, { namespace: facts.namespace, name });
      if (found === undefined) status(response, 404, `${facts.resource} "${name}" not found`);
      else json(response, JSON.parse(found.text));
      return;
    }
    const page = this.pages.page(type, facts.namespace, { version, query: url.searchParams });
    if (page === undefined) status(response, 410, 'The provided continue parameter is too old');
    else send(response, page, { request, fault });
  }
}

/** Ends a request with a Status object. */
function status(response: ServerResponse, code: number, message: string): void {
  response.statusCode = code;
  json(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code });
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

function send(
  response: ServerResponse,
  text: string,
  { request, fault }: { readonly request: IncomingMessage; readonly fault: Fault | undefined },
): void {
  response.setHeader('content-type', 'application/json');
  if (fault !== undefined && 'garbage' in fault) {
    response.end(fault.garbage);
    return;
  }
  if (fault !== undefined && 'cutAfterBytes' in fault) {
    response.write(text.slice(0, fault.cutAfterBytes), () => response.destroy());
    return;
  }
  const takesPacked = (request.headers['accept-encoding'] ?? '').includes('gzip');
  if (!takesPacked || text.length < PACKED_FROM) {
    response.end(text);
    return;
  }
  response.setHeader('content-encoding', 'gzip');
  response.end(gzipSync(text, { level: 1 }));
}
