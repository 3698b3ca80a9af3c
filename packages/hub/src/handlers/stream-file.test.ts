import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, expect, it, vi } from 'vitest';
import { streamFile } from './stream-file.ts';

/** Of random characters: compressed, it is not much shorter. */
const PIECE = randomBytes(192 * 1024).toString('base64');
const PIECES = 60;

let server: FastifyInstance | undefined;
afterEach(() => server?.close());

interface Served {
  readonly url: string;
  /** How many pieces were made. */
  readonly made: () => number;
  /** Whether nothing is sent any more. */
  readonly isOver: () => boolean;
}

/** A server whose one answer is these pieces. */
async function serve(pieces: () => AsyncGenerator<string>): Promise<Served> {
  let count = 0;
  let isOver = false;
  server = Fastify({ forceCloseConnections: true });
  server.get('/', async (request, reply) => {
    async function* counted(): AsyncGenerator<string> {
      for await (const piece of pieces()) {
        count++;
        yield piece;
      }
    }
    await streamFile({ request, reply }, { name: 'x.csv', type: 'text/csv' }, counted()).finally(() => {
      isOver = true;
    });
    return reply;
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, made: () => count, isOver: () => isOver };
}

it.each(['identity', 'gzip'])('is made as fast as it is taken, and not faster, as %s', async (encoding) => {
  const warned: Error[] = [];
  const warn = (warning: Error): number => warned.push(warning);
  process.on('warning', warn);
  const { url, made } = await serve(async function* () {
    for (let piece = 0; piece < PIECES; piece++) yield PIECE;
  });
  const answer = await fetch(url, { headers: { 'accept-encoding': encoding } });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = made();
  const text = await answer.text();
  process.off('warning', warn);

  expect(before).toBeLessThan(PIECES);
  expect(text.length).toBe(PIECES * PIECE.length);
  expect(warned).toEqual([]);
});

it.each([
  ['gzip', 'gzip'],
  ['br, GZIP;q=0.5', 'gzip'],
  ['*', 'gzip'],
  ['identity', null],
  ['gzip;q=0', null],
  ['gzip; q=0.0, *', null],
])('is compressed for who accepts that, and says so (%s)', async (accepted, encoding) => {
  const { url } = await serve(async function* () {
    yield 'one\n';
    yield 'two\n';
  });
  const answer = await fetch(url, { headers: { 'accept-encoding': accepted } });

  expect([answer.headers.get('content-encoding'), answer.headers.get('vary')]).toEqual([
    encoding,
    'accept-encoding',
  ]);
  expect(await answer.text()).toBe('one\ntwo\n');
});

it.each(['identity', 'gzip'])('is made no further for who goes away, as %s', async (encoding) => {
  const { url, isOver } = await serve(async function* () {
    for (;;) yield PIECE;
  });
  const leaving = new AbortController();
  await fetch(url, { headers: { 'accept-encoding': encoding }, signal: leaving.signal });
  expect(isOver()).toBe(false);

  leaving.abort();

  await vi.waitFor(() => expect(isOver()).toBe(true), 10_000);
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
