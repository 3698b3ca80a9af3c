import { AppError } from '@bulwark/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { whenOver } from './answer-end.ts';

/**
 * How long an answer may take to begin, in milliseconds: longer than what the hub waits for by itself, which is ten seconds for
 * a connection to the database and a minute for a statement.
 */
const LATE_MS = 80_000;
/** After how long a connection on which nothing happens is closed, in milliseconds: later than anything is answered. */
export const CLOSED_MS = 90_000;

/**
 * Answers what has no answer in time. A connection that is closed without one makes browsers send the request again, changes too.
 *
 * @param refuse sends an error as a problem.
 */
export function answerInTime(
  server: FastifyInstance,
  refuse: (error: AppError, reply: FastifyReply) => FastifyReply,
  lateMs = LATE_MS,
): void {
  server.addHook('onRequest', async (_request, reply) => {
    const late = setTimeout(() => {
      // One that has begun, as a stream, takes as long as it takes.
      if (!reply.sent && !reply.raw.headersSent) void refuse(new AppError('no-answer'), reply);
    }, lateMs);
    whenOver(reply.raw, () => clearTimeout(late));
  });
}
