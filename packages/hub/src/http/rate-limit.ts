import type { RouteContract } from '@bulwark/api';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Caller } from '../access/caller.ts';

const WINDOW_MS = 60_000;
/** Requests a minute from one address of nobody known. */
const FROM_ADDRESS = 600;
/** Requests a minute of one session or token: a few windows that follow a busy cluster, side by side. */
const OF_CALLER = 1200;
/** Passwords that may be tried a minute, from one address or by one session. */
const PASSWORDS = 20;

/**
 * Counts requests and refuses with 429 what is too many. Who is signed in is counted by session or token, as many people come
 * from the address of one proxy; all others are counted by address.
 *
 * @param callerOf who was found out to make a request, before it is counted; undefined for nobody.
 */
export async function limitRate(
  server: FastifyInstance,
  callerOf: (request: FastifyRequest) => Caller | undefined,
): Promise<void> {
  await server.register(rateLimit, {
    timeWindow: WINDOW_MS,
    max: (request) => (callerOf(request) === undefined ? FROM_ADDRESS : OF_CALLER),
    keyGenerator: (request) => callerOf(request)?.countedAs ?? `address ${normalizeIP(request.ip)}`,
  });
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
