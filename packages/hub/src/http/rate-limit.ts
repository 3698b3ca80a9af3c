import type { RouteContract } from '@bulwark/api';
import { AppError } from '@bulwark/core';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Caller } from '../access/caller.ts';
import { isAsset } from './page.ts';

const WINDOW_MS = 60_000;
/** Requests a minute from one address of nobody known. */
const FROM_ADDRESS = 600;
/** Requests a minute of one session or token: a few windows that follow a busy cluster, side by side. */
const OF_CALLER = 1200;
/** Requests a minute from one address of which it is looked up in the database who makes them: more than many people make. */
const LOOKED_UP = 30_000;
/** Passwords that may be tried a minute, from one address or by one session. */
const PASSWORDS = 20;

/**
 * Counts requests and refuses with 429 what is too many. Who is signed in is counted by session or token, as many people come
 * from the address of one proxy; all others are counted by address. Files of the page are not
 * counted: they cost little, and whoever opens it needs many at once.
 *
 * @param callerOf who was found out to make a request, before it is counted; undefined for nobody.
 */
export async function limitRate(
  server: FastifyInstance,
  callerOf: (request: FastifyRequest) => Caller | undefined,
): Promise<void> {
  await server.register(rateLimit, {
    timeWindow: WINDOW_MS,
    allowList: isAsset,
    max: (request) => (callerOf(request) === undefined ? FROM_ADDRESS : OF_CALLER),
    keyGenerator: (request) => callerOf(request)?.countedAs ?? `address ${normalizeIP(request.ip)}`,
  });
}

/**
 * What counts the requests of an address before it is looked up who makes them, so that made-up tokens do not keep the
 * database busy.
 */
export function limitLookUps(
  server: FastifyInstance,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const count = server.createRateLimit({ max: LOOKED_UP });
  return async (request, reply) => {
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    reply.header('retry-after', counted.ttlInSeconds);
    throw new AppError('too-many-requests');
  };
}

/** What counts the requests of a route; it has to come after who makes them is found out. */
export function limitOf(
  server: FastifyInstance,
  { id, takesText }: RouteContract,
): onRequestAsyncHookHandler {
  if (id === 'signIn' || id === 'changePassword') return server.rateLimit({ max: PASSWORDS });
  // Counted apart: a program that delivers all the time must not use up what people at its address may ask.
  if (takesText) return server.rateLimit({ max: FROM_ADDRESS });
  return server.rateLimit();
}
