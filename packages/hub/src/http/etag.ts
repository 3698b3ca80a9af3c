import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** Answers of reading routes carry a weak ETag (RFC 9110 8.8.3), so that what has not changed is not sent again. */
export function tagAnswers(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    const tag = `W/"${createHash('sha256').update(payload).digest('base64url').slice(0, 22)}"`;
    reply.header('etag', tag);
    if (request.headers['if-none-match'] !== tag) return payload;
    reply.status(304);
    return '';
  });
}
