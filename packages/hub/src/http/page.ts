import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@bulwark/core';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { nonceOf } from './secure-headers.ts';

/** Where the built page lies. */
export interface PageFiles {
  /** A folder with index.html and assets/. */
  readonly folder: string;
}

const NONCE = '__NONCE__';
const ASSETS = '/assets/';

/** Whether a request is one for a file that belongs to the page. */
export function isAsset({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url === `${ASSETS}*`;
}

/** Serves the page: its assets as they are, and index.html with a fresh nonce for every address that is the page's own. */
export function servePage(server: FastifyInstance, { folder }: PageFiles): void {
  const index = readFileSync(join(folder, 'index.html'), 'utf8');
  void server.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: ASSETS,
    immutable: true,
    maxAge: '1y',
    index: false,
  });
  server.get('/*', { config: { rateLimit: false } }, async (request, reply) => {
    if (request.url.startsWith('/api/') || request.url.startsWith(ASSETS)) throw new AppError('not-found');
    return reply
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(index.replaceAll(NONCE, nonceOf(reply)));
  });
}
