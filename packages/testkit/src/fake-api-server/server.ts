import {
  createServer as createPlain,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { JsonObject } from '@bulwark/core';
import type { TestCertificate } from '../certificates/test-authority.ts';
import { Answers } from './answers.ts';
import { Faults, type RequestFacts } from './faults.ts';
import { ObjectStore, type Stored, type StoredRef } from './object-store.ts';
import { BUILT_IN_TYPES, type ResourceType, typeKey, typeOfDefinition } from './resource-type.ts';

/** How a fake API server behaves. */
export interface FakeApiServerOptions {
  readonly objects?: Iterable<JsonObject>;
  /** Kinds besides the built-in ones. */
  readonly types?: readonly ResourceType[];
  /** Serve TLS with this certificate; plain HTTP without it. */
  readonly tls?: TestCertificate;
  /** The authority of client certificates, as PEM; one of it or a token is then needed. */
  readonly clientAuthority?: string;
  /** The tokens that are taken; everyone may ask where it is undefined. */
  readonly tokens?: readonly string[];
  /** Whether one answer of discovery tells everything, as since 1.26. */
  readonly aggregated?: boolean;
  /** How often watches get a bookmark. */
  readonly bookmarkMs?: number;
  /** How far its clock is ahead. */
  readonly clockSkewMs?: number;
  readonly version?: string;
}

/** A request that was answered, or not. */
export interface SeenRequest extends RequestFacts {
  readonly query: URLSearchParams;
  readonly headers: Readonly<IncomingMessage['headers']>;
}

/**
 * An API server for fault injection, on a socket of the loopback address: discovery, lists in pages, watches with
 * bookmarks, tokens, and faults on demand. It keeps no rule of Kubernetes besides those that a reader sees.
 */
export class FakeApiServer {
  readonly faults = new Faults();
  /** Every request so far, in its order. */
  readonly requests: SeenRequest[] = [];
  /** The tokens that are taken; undefined where everyone may ask. */
  tokens: Set<string> | undefined;
  /** API groups whose server does not answer. */
  readonly staleGroups = new Set<string>();
  /** API groups that are served, and left out where all groups are told. */
  readonly untoldGroups = new Set<string>();
  /** Whether a request is forbidden. */
  forbids: (facts: RequestFacts) => boolean = () => false;
  /** Its version, as it says it. */
  version: string;
  readonly options: FakeApiServerOptions;
  readonly store = new ObjectStore();
  private readonly types = new Map<string, ResourceType>();
  private readonly answers: Answers;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;

  private constructor(options: FakeApiServerOptions) {
    this.options = options;
    this.version = options.version ?? 'v1.34.4';
    this.tokens = options.tokens === undefined ? undefined : new Set(options.tokens);
    for (const type of [...BUILT_IN_TYPES, ...(options.types ?? [])]) this.types.set(typeKey(type), type);
    this.answers = new Answers(this);
    this.upsert({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } });
    for (const object of options.objects ?? []) this.upsert(object);
  }

  static async start(options: FakeApiServerOptions = {}): Promise<FakeApiServer> {
    const server = new FakeApiServer(options);
    await server.listen();
    return server;
  }

  /** Its address, such as `https://127.0.0.1:40123`. */
  get url(): string {
    return `${this.options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}`;
  }

  /** The kinds that it serves at the moment. */
  served(): readonly ResourceType[] {
    return [...this.types.values()];
  }

  /** Adds or replaces an object. A definition of a custom kind adds that kind. */
  upsert(object: JsonObject): Stored {
    if (object['kind'] === 'CustomResourceDefinition') this.serve(typeOfDefinition(object));
    return this.store.upsert(object);
  }

  /** Takes an object away; false where it is not there. */
  delete(ref: StoredRef): boolean {
    if (ref.kind === 'CustomResourceDefinition') {
      const [resource, ...group] = ref.name.split('.');
      const found = this.served().find(
        (type) => type.resource === resource && type.group === group.join('.'),
      );
      if (found !== undefined) this.types.delete(typeKey(found));
    }
    return this.store.delete(ref);
  }

  /** Serves a kind from now on. */
  serve(type: ResourceType): void {
    this.types.set(typeKey(type), type);
  }

  /** Keeps the next changes from all watches, as a server with a fault does. */
  loseNext(changes: number): void {
    this.store.loseNext(changes);
  }

  /** Cuts all watches. */
  cutWatches(): void {
    this.answers.cutWatches();
  }

  /** How many watches are open. */
  get watches(): number {
    return this.answers.watches;
  }

  /** Forgets the history, so that watches from before expire, and all continue tokens. */
  expire(): void {
    this.store.forget();
    this.answers.forgetPages();
  }

  /** Listens, on the same port as before. */
  async listen(): Promise<void> {
    const { tls, clientAuthority } = this.options;
    const listener: RequestListener = (request, response) => this.take(request, response);
    const server =
      tls === undefined
        ? createPlain(listener)
        : createSecure(
            {
              cert: tls.certificate,
              key: tls.key,
              ...(clientAuthority !== undefined && {
                ca: clientAuthority,
                requestCert: true,
                rejectUnauthorized: false,
              }),
            },
            listener,
          );
    server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Stops listening and cuts every connection. */
  async stop(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    this.answers.cutWatches();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Stops answering without closing anything, as a network does that loses packets; the answer ends that. */
  freeze(): () => void {
    return this.answers.freeze();
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    this.answers.answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  }
}

/** Starts a fake API server; `stop` ends it. */
export function fakeApiServer(options: FakeApiServerOptions = {}): Promise<FakeApiServer> {
  return FakeApiServer.start(options);
}
