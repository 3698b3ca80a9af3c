import type { Writable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

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

/** What is written there is sent compressed. It is closed with the answer. */
export function gzipInto(raw: FastifyReply['raw']): Writable {
  const body = createGzip();
  // It is given up with the answer; what is still written then is no fault.
  body.on('error', () => undefined);
  raw.once('close', () => body.destroy());
  body.pipe(raw);
  return body;
}

/** Whether who asks takes an answer that is compressed (RFC 9110 12.5.3). */
export function takesGzip({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const accepted = headers['accept-encoding'] ?? '';
  const weights = new Map(
    accepted.split(',').map((each): [string, number] => {
      const [name = '', weight = ''] = each.toLowerCase().split(';');
      const [, value = '1'] = /^\s*q=([\d.]+)\s*$/.exec(weight) ?? [];
      return [name.trim(), Number(value)];
    }),
  );
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}
