import { ROUTES, type RouteContract, type RouteId } from '@bulwark/api';
import { AppError } from '@bulwark/core';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { type Caller, may, nameInFull } from '../access/caller.ts';
import { endWaiting } from './answer-end.ts';
import { serveApiDocs } from './api-docs.ts';
import { type AuditEntry, auditActor, auditSubject } from './audit-entry.ts';
import { tagAnswers } from './etag.ts';
import { FairShare, limitConnections } from './fair-share.ts';
import type { Handlers, RequestContext } from './handler.ts';
import { answerInTime, CLOSED_MS } from './in-time.ts';
import { type PageFiles, servePage } from './page.ts';
import { problemOf } from './problem.ts';
import { limitLookUps, limitOf, limitRate } from './rate-limit.ts';
import { isFromElsewhere, secureHeaders } from './secure-headers.ts';
import { withText } from './text-bodies.ts';

export interface ServerOptions {
  readonly handlers: Handlers;
  /** Who makes a request: from its cookie or its bearer token. Undefined for nobody. */
  readonly callerOf: (request: FastifyRequest) => Promise<Caller | undefined>;
  readonly audit: (entry: AuditEntry) => Promise<void>;
  readonly now: () => Date;
  /** Told of a body that was refused as too large, of somebody who may call the route. */
  readonly onTooLarge?: (refused: RefusedBody) => Promise<void>;
  /** Told of every error that is a fault of ours. */
  readonly onFault: (error: unknown) => void;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Addresses of proxies whose X-Forwarded headers count. */
  readonly behindProxy?: readonly string[];
  /** Whether browsers reach the hub over TLS, by itself or by its proxy. */
  readonly isSecure: boolean;
  readonly page?: PageFiles;
  /** Version of Bulwark. */
  readonly version: string;
  /** How long an answer may take to begin, in milliseconds. */
  readonly lateMs?: number;
}

/** A body that was not read. */
export interface RefusedBody {
  readonly route: RouteId;
  /** As they stand in the address. */
  readonly params: Readonly<Record<string, string>>;
  /** As the client says; undefined where it does not. */
  readonly length: string | undefined;
  readonly caller: Caller | undefined;
}

const MOST_BODY = 256 * 1024;
/** Answers under way of one person, or of an address where nobody is signed in; streams of events are counted apart. */
const MOST_AT_ONCE = 40;
/** Bodies that are larger than others and being read. */
const MOST_LARGE = 3;
const SECONDS = 1000;

/** The HTTP server: every route of the contract with its handler, behind one gate. It does not listen yet. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const server = Fastify({
    logger: false,
    bodyLimit: MOST_BODY,
    requestTimeout: 30 * SECONDS,
    connectionTimeout: CLOSED_MS,
    keepAliveTimeout: 65 * SECONDS,
    forceCloseConnections: true,
    trustProxy: options.behindProxy === undefined ? false : [...options.behindProxy],
    routerOptions: { maxParamLength: 512 },
    // What the router cannot read never reaches the error handler.
    frameworkErrors: (error, _request, reply) => {
      refuse(error, reply as unknown as FastifyReply, options);
    },
    ...(options.tls !== undefined && { https: options.tls }),
  }) as unknown as FastifyInstance;
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.setErrorHandler((error, _request, reply) => refuse(error, reply, options));
  server.setNotFoundHandler((_request, reply) => refuse(new AppError('not-found'), reply, options));
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    server.getDefaultJsonParser('error', 'error'),
  );
  await server.register(cookie);
  await server.register(compress, { threshold: 1024, encodings: ['br', 'gzip'] });
  await limitRate(server, (request) => callers.get(request));
  endWaiting(server);
  answerInTime(server, (error, reply) => refuse(error, reply, options), options.lateMs);
  // All that a proxy brings comes from its address; it has limits of its own.
  if (options.behindProxy === undefined) limitConnections(server.server);
  secureHeaders(server, options.isSecure);
  tagAnswers(server);
  const gate = { ...options, share: new FairShare(), limitLookUps: limitLookUps(server) };
  for (const id of Object.keys(ROUTES) as RouteId[]) {
    const { takesText }: RouteContract = ROUTES[id];
    const add = (part: FastifyInstance): void => addRoute(part, id, gate);
    if (takesText) await server.register(async (part) => withText(part, () => add(part)));
    else add(server);
  }
  serveApiDocs(server, options.version);
  if (options.page !== undefined) servePage(server, options.page);
  return server;
}

function refuse(error: unknown, reply: FastifyReply, { onFault }: ServerOptions): FastifyReply {
  const problem = problemOf(error);
  // A database that is away or slow is no fault of ours, and would fill the log.
  if (problem.code === 'internal') onFault(error);
  return reply
    .status(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer((payload) => JSON.stringify(payload))
    .send(problem);
}

/** What all routes have together. */
interface Gate extends ServerOptions {
  readonly share: FairShare;
  readonly limitLookUps: ReturnType<typeof limitLookUps>;
}

function addRoute(server: FastifyInstance, id: RouteId, options: Gate): void {
  const contract: RouteContract = ROUTES[id];
  const handler = options.handlers[id] as (input: unknown, context: RequestContext) => unknown;
  const { method, path, params, query, body, response } = contract;
  server.route({
    method,
    url: path,
    ...(contract.mostBody !== undefined && { bodyLimit: contract.mostBody }),
    config: {
      rateLimit: false,
      ...(contract.stream && { compress: false }),
    },
    schema: {
      ...(params && { params }),
      ...(query && { querystring: query }),
      ...(body && { body }),
      ...(response && { response: { 200: response } }),
    },
    // Before the body is read, and before anything is said about the request's form.
    onRequest: [
      async (request, reply) => {
        await identify(request, reply, contract, options);
      },
      limitOf(server, contract),
      async (request, reply) => {
        await admit(request, contract, options);
        takeShare(request, reply, contract, options.share);
      },
    ],
    errorHandler: (error, request, reply) => {
      if (problemOf(error).code === 'too-large')
        void options
          .onTooLarge?.({
            route: id as RouteId,
            params: request.params as RefusedBody['params'],
            length: request.headers['content-length'],
            caller: callers.get(request),
          })
          .catch(options.onFault);
      void refuse(error, reply, options);
    },
    preHandler: async (request) => {
      if (isUnstorable([request.params, request.query, request.body])) throw new AppError('bad-request');
    },
    handler: async (request, reply) => {
      const caller = callers.get(request);
      const note = (facts: Readonly<Record<string, string | number>>): void => {
        notes.set(request, facts);
      };
      const context = { caller, now: options.now(), request, reply, note } as RequestContext;
      const answer = await audited(request, contract, options, () =>
        // What a route does not take is not read, and so was not looked at.
        handler(
          { params: params && request.params, query: query && request.query, body: body && request.body },
          context,
        ),
      ).catch((error: unknown) => {
        // An answer that has begun can only be cut: nothing is refused any more, and nobody else is told why.
        if (reply.sent && problemOf(error).code !== 'database-away') options.onFault(error);
        throw error;
      });
      if (contract.stream !== undefined) return reply;
      if (response === undefined) return reply.status(204).send();
      return reply.header('cache-control', 'private, no-cache').send(answer);
    },
  });
}

/** Counts what is under way; streams of events are counted where they are answered. */
function takeShare(
  request: FastifyRequest,
  { raw }: FastifyReply,
  { id, stream, takesText, mostBody = 0 }: RouteContract,
  share: FairShare,
): void {
  const client = callers.get(request)?.person ?? `address ${request.ip}`;
  if (stream !== 'events') share.take(client, MOST_AT_ONCE, raw);
  if (!takesText && mostBody > MOST_BODY) share.take(`route ${id}`, MOST_LARGE, raw);
}

/** Whether there is a U+0000 or half a character in any text: the database holds neither, so it is asked for by mistake or malice. */
function isUnstorable(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, each]) => isUnstorable(name) || isUnstorable(each));
}

/** Who was found out to make a request. */
const callers = new WeakMap<FastifyRequest, Caller>();

/** What handlers noted for the audit log. */
const notes = new WeakMap<FastifyRequest, Readonly<Record<string, string | number>>>();

async function identify(
  request: FastifyRequest,
  reply: FastifyReply,
  contract: RouteContract,
  gate: Gate,
): Promise<void> {
  if (contract.permission === 'public') return;
  await gate.limitLookUps(request, reply);
  const caller = await gate.callerOf(request);
  if (caller !== undefined) callers.set(request, caller);
}

async function admit(
  request: FastifyRequest,
  contract: RouteContract,
  options: ServerOptions,
): Promise<void> {
  const isChange = contract.method !== 'GET';
  if (isChange && isFromElsewhere(request)) throw new AppError('bad-csrf');
  if (contract.permission === 'public') return;
  const caller = callers.get(request);
  if (caller === undefined) throw new AppError('not-signed-in');
  const isForged = isChange && caller.via === 'session' && request.headers['x-csrf-token'] !== caller.csrf;
  const refusal = isForged ? new AppError('bad-csrf') : whyNot(caller, contract);
  if (refusal === undefined) return;
  if (isChange) await options.audit(entry(request, contract, options, { outcome: 'refused' }));
  throw refusal;
}

function whyNot(caller: Caller, { permission, byPeople }: RouteContract): AppError | undefined {
  if (!may(caller, permission)) return new AppError('not-allowed');
  if (byPeople !== true || caller.via === 'session') return undefined;
  return new AppError('not-allowed', { detail: 'Tokens let nobody in: sign in to do this.' });
}

async function audited<T>(
  request: FastifyRequest,
  contract: RouteContract,
  options: ServerOptions,
  run: () => T | Promise<T>,
): Promise<T> {
  // What a program delivers once a second is counted where it is kept: here it would bury what people did.
  if (contract.method === 'GET' || contract.isQuestion === true || contract.permission === 'deliver')
    return run();
  try {
    const answer = await run();
    await options.audit(entry(request, contract, options, { outcome: 'done', answer }));
    return answer;
  } catch (error) {
    await options.audit(entry(request, contract, options, { outcome: 'failed' }));
    throw error;
  }
}

function entry(
  request: FastifyRequest,
  contract: RouteContract,
  { now }: ServerOptions,
  { outcome, answer }: { readonly outcome: AuditEntry['outcome']; readonly answer?: unknown },
): AuditEntry {
  const caller = callers.get(request);
  return {
    at: now(),
    actor: caller === undefined ? auditActor(answer) : nameInFull(caller),
    address: request.ip,
    action: contract.id,
    subject: auditSubject({
      params: request.params,
      ...(contract.permission !== 'public' && { body: request.body }),
      answer,
      noted: notes.get(request),
    }),
    outcome,
  };
}
