import { AppError } from '@bulwark/core';
import type { FastifyInstance } from 'fastify';
import { whenOver } from './answer-end.ts';

/** Bodies that are read at the same time; each may be large. */
const MOST_AT_ONCE = 3;
const RETRY_SECONDS = '2';

/**
 * Adds a route whose body is handed over as text. It is not parsed here, because what others wrote into parts of it, such
 * as a key `__proto__`, must not make the whole of it be refused. Who comes while enough are being read is told when to come
 * again.
 */
export function withText(part: FastifyInstance, add: () => void): void {
  let reading = 0;
  part.removeAllContentTypeParsers();
  part.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  // After who asks is known, and before the body is read.
  part.addHook('preParsing', async (_request, reply) => {
    if (reading >= MOST_AT_ONCE) {
      reply.header('retry-after', RETRY_SECONDS);
      throw new AppError('too-many-requests');
    }
    reading++;
    whenOver(reply.raw, () => {
      reading--;
    });
  });
  add();
}
