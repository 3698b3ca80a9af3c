import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { streamFile } from './stream-file.ts';

const PIECE = 'x'.repeat(256 * 1024);
const PIECES = 60;

let server: FastifyInstance | undefined;
afterEach(() => server?.close());

/** A server whose one answer is these pieces; how many were made is counted. */
async function serve(pieces: () => AsyncGenerator<string>): Promise<{ url: string; made: () => number }> {
  let count = 0;
  server = Fastify({ forceCloseConnections: true });
  server.get('/', async (request, reply) => {
    async function* counted(): AsyncGenerator<string> {
      for await (const piece of pieces()) {
        count++;
        yield piece;
      }
    }
    await streamFile({ request, reply }, { name: 'x.csv', type: 'text/csv' }, counted());
    return reply;
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, made: () => count };
}

it('is made as fast as it is taken, and not faster, however long that goes on', async () => {
  const warned: Error[] = [];
  const warn = (warning: Error): number => warned.push(warning);
  process.on('warning', warn);
  const { url, made } = await serve(async function* () {
    for (let piece = 0; piece < PIECES; piece++) yield PIECE;
  });
  const answer = await fetch(url);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = made();
  const text = await answer.text();
  process.off('warning', warn);

  expect(before).toBeLessThan(PIECES);
  expect(text.length).toBe(PIECES * PIECE.length);
  expect(warned).toEqual([]);
});

it('is not made where somebody asks for its headers alone', async () => {
  const { url, made } = await serve(async function* () {
    for (let piece = 0; piece < PIECES; piece++) yield PIECE;
  });
  const answer = await fetch(url, { method: 'HEAD' });

  expect([answer.status, answer.headers.get('content-disposition')]).toEqual([
    200,
    'attachment; filename="x.csv"',
  ]);
  expect(await answer.text()).toBe('');
  expect(made()).toBe(1);
});

it('is cut where it cannot be made to its end, so that nobody takes a part for the whole', async () => {
  const { url } = await serve(async function* () {
    yield PIECE;
    throw new Error('away');
  });
  const answer = await fetch(url);

  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow();
});

it('is refused where nothing of it can be made', async () => {
  // biome-ignore lint/correctness/useYield: it fails before its first piece.
  const { url } = await serve(async function* () {
    throw new Error('away');
  });

  expect((await fetch(url)).status).toBe(500);
});
