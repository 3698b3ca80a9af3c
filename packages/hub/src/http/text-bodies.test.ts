import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import compress from '@fastify/compress';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemOf } from './problem.ts';
import { withText } from './text-bodies.ts';

const MOST = 1000;

let server: FastifyInstance;
let release: () => void;
let held: Promise<void>;
let bodies: unknown[];

beforeEach(async () => {
  bodies = [];
  held = Promise.resolve();
  server = Fastify({ bodyLimit: 10, forceCloseConnections: true });
  server.setErrorHandler((error, _request, reply) =>
    reply.status(problemOf(error).status).send(problemOf(error)),
  );
  await server.register(compress);
  await server.register(async (part) =>
    withText(part, () =>
      part.post('/text', { bodyLimit: MOST }, async ({ body }) => {
        bodies.push(body);
        await held;
        return 'done';
      }),
    ),
  );
});
afterEach(() => server.close());

function post(payload: string | Buffer, headers: Record<string, string> = {}) {
  return server.inject({
    method: 'POST',
    url: '/text',
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

describe('a body that is taken as text', () => {
  it.each(['{"__proto__":{"a":1}}', '{"constructor":{"prototype":1}}', 'no JSON', ''])(
    'may be %j',
    async (text) => {
      const { statusCode } = await post(text);

      expect([statusCode, bodies]).toEqual([200, [text]]);
    },
  );

  it('may be compressed, and counts uncompressed', async () => {
    const small = await post(gzipSync('x'.repeat(MOST)), { 'content-encoding': 'gzip' });
    const bomb = await post(gzipSync('x'.repeat(50 * MOST)), { 'content-encoding': 'gzip' });
    const broken = await post('x', { 'content-encoding': 'gzip' });

    expect([small.statusCode, bomb.statusCode, broken.statusCode]).toEqual([200, 413, 400]);
    expect(bodies).toEqual(['x'.repeat(MOST)]);
  });

  it('must not be larger than its limit, nor be anything but JSON', async () => {
    expect((await post('x'.repeat(MOST + 1))).statusCode).toBe(413);
    expect((await post('a=b', { 'content-type': 'text/plain' })).statusCode).toBe(415);
  });

  it('is refused for a while where enough others are being read, and then taken again', async () => {
    held = new Promise((resolve) => {
      release = resolve;
    });
    const reading = [post('1'), post('2'), post('3')];
    await until(() => bodies.length === 3);

    const refused = await post('4');
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '2']);

    release();
    expect((await Promise.all(reading)).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect((await post('5')).statusCode).toBe(200);
  });

  it('gives its place back when its sender goes away in the middle of it', async () => {
    await server.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.server.address() as AddressInfo;
    for (let count = 0; count < 5; count++) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(
        'POST /text HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.destroy();
    }

    await until(async () => (await post('x')).statusCode === 200);
  });
});

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come to be');
}
