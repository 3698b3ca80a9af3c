import type { FastifyReply } from 'fastify';

/**
 * Begins an answer that is written piece by piece, past Fastify, with the headers that were set so far. It is of the moment:
 * nobody keeps it.
 */
export function beginRaw(
  reply: FastifyReply,
  own: Readonly<Record<string, string>> & { readonly 'content-type': string },
): FastifyReply['raw'] {
  reply.hijack();
  const headers = Object.fromEntries(
    Object.entries(reply.getHeaders()).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  // What is written to somebody who is gone is no fault, and one that nobody hears would end the process.
  reply.raw.on('error', () => undefined);
  reply.raw.writeHead(200, { ...headers, 'cache-control': 'no-store', ...own });
  return reply.raw;
}
