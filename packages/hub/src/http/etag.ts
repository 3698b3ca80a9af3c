import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** Answers of reading routes carry a weak ETag (RFC 9110 8.8.3), so that what has not changed is not sent again. */
export function tagAnswers(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    const tag = `W/"${createHash('sha256').update(payload).digest('base64url').slice(0, 22)}"`;
    // What is sent depends on what is accepted, also where it is sent as it is (RFC 9110 12.5.5).
    reply.header('etag', tag).header('vary', 'accept-encoding');
    if (!isAmong(tag, request.headers['if-none-match'] ?? '')) return payload;
    reply.status(304);
    return '';
  });
}

/** The tags are compared weakly (RFC 9110 13.1.2); `*` is whatever there is. */
function isAmong(tag: string, header: string): boolean {
  const wanted = tag.slice('W/'.length);
  return header.split(',').some((each) => {
    const given = each.trim();
    return given === '*' || given.replace(/^W\//, '') === wanted;
  });
}
