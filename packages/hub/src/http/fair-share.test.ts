import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { ROUTES } from '@bulwark/api';
import { AppError } from '@bulwark/core';
import { scopeOf } from '@bulwark/store';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import type { Handlers, RequestContext } from './handler.ts';
import { listenAt } from './listen.ts';
import { createServer } from './server.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const CALLER: Caller = {
  user: 'ann',
  person: 'ann',
  userId: 1,
  role: 'admin',
  limits: { clusters: 'all', namespaces: 'all' },
  scope: scopeOf({ clusters: 'all', namespaces: 'all' }),
  via: 'token',
  countedAs: 'token 1',
  csrf: '',
  expires: new Date(NOW.getTime() + 60_000),
};
const WITHIN_MS = 60_000;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Begins an answer that has no end. */
function begin(_input: unknown, { reply }: RequestContext): void {
  reply.hijack();
  reply.raw.writeHead(200).write('x');
}

/** Answers whoever names themselves in `Authorization`. */
async function serve(
  addresses = ['127.0.0.1'],
  wanted = 0,
): Promise<{ readonly server: FastifyInstance; readonly port: number }> {
  const handlers = {
    ...Object.fromEntries(
      Object.keys(ROUTES).map((id) => [
        id,
        () => {
          throw new AppError('not-found');
        },
      ]),
    ),
    live: () => ({ status: 'ok' }),
    exportFindings: begin,
    events: begin,
  } as unknown as Handlers;
  const server = await createServer({
    handlers,
    callerOf: async ({ headers: { authorization = 'ann' } }) => ({ ...CALLER, person: authorization }),
    audit: async () => undefined,
    now: () => NOW,
    onFault: () => undefined,
    isSecure: false,
    version: '1.2.3',
  });
  ends.push(() => server.close());
  await listenAt(server, { host: 'localhost', port: wanted }, async () => addresses);
  return { server, port: (server.server.address() as AddressInfo).port };
}

function open(port: number, localAddress = '127.0.0.1', host = '127.0.0.1'): Socket {
  const socket = connect({ host, port, localAddress });
  socket.on('error', () => undefined);
  ends.unshift(() => socket.destroy());
  return socket;
}

/** The first line of the answer, nothing where the connection is closed before; what follows is not read. */
function ask(socket: Socket, path: string, headers: readonly string[] = []): Promise<string | undefined> {
  return new Promise((resolve) => {
    socket.once('data', (part: Buffer) => {
      socket.pause();
      resolve(part.toString('latin1').split('\r\n')[0]);
    });
    socket.once('close', () => resolve(undefined));
    socket.write([`GET ${path} HTTP/1.1`, 'host: 127.0.0.1', ...headers, '', ''].join('\r\n'));
  });
}

const EXPORT = '/api/v1/findings/export?format=csv';

describe('answers that nobody takes', () => {
  it(
    'are forty of one person, and others are served meanwhile',
    async () => {
      const { port } = await serve();
      const sockets = Array.from({ length: 40 }, () => open(port));
      const taken = await Promise.all(sockets.map((socket) => ask(socket, EXPORT)));

      expect(new Set(taken)).toEqual(new Set(['HTTP/1.1 200 OK']));
      expect(await ask(open(port), EXPORT)).toBe('HTTP/1.1 429 Too Many Requests');
      expect(await ask(open(port), EXPORT, ['authorization: ben'])).toBe('HTTP/1.1 200 OK');

      sockets[0]?.destroy();
      const end = Date.now() + WITHIN_MS;
      let again: string | undefined;
      while (again !== 'HTTP/1.1 200 OK' && Date.now() < end) again = await ask(open(port), EXPORT);
      expect(again).toBe('HTTP/1.1 200 OK');
    },
    WITHIN_MS,
  );
});

describe('connections', () => {
  it(
    'are 250 of one address: those that ask nothing make place for new ones',
    async () => {
      const { port } = await serve();
      const resting = open(port);
      expect(await ask(resting, '/livez')).toBe('HTTP/1.1 200 OK');
      const slow = Array.from({ length: 249 }, () => open(port));
      await Promise.all(slow.map((socket) => once(socket, 'connect')));
      for (const socket of slow) socket.write('GET /livez HTTP/1.1\r\nx: ');

      expect(await ask(open(port), '/livez')).toBe('HTTP/1.1 200 OK');

      resting.resume();
      if (!resting.closed) await once(resting, 'close');
    },
    WITHIN_MS,
  );

  it(
    'are 250 of one address that are being answered, and others are served meanwhile',
    async () => {
      const { port } = await serve();
      const busy = Array.from({ length: 250 }, () => open(port));
      const events = '/api/v1/events';
      const begun = await Promise.all(busy.map((socket) => ask(socket, events)));

      expect(new Set(begun)).toEqual(new Set(['HTTP/1.1 200 OK']));
      expect(await ask(open(port), '/livez')).toBeUndefined();
      expect(await ask(open(port, '127.0.0.2'), '/livez')).toBe('HTTP/1.1 200 OK');
    },
    WITHIN_MS,
  );

  it(
    'are counted at every address of localhost',
    async () => {
      const { port } = await serve(['127.0.0.1', '127.0.0.2']);
      const enter = () => open(port, '127.0.0.3', '127.0.0.2');
      const busy = Array.from({ length: 250 }, enter);
      const begun = await Promise.all(busy.map((socket) => ask(socket, '/api/v1/events')));

      expect(new Set(begun)).toEqual(new Set(['HTTP/1.1 200 OK']));
      expect(await ask(enter(), '/livez')).toBeUndefined();
      expect(await ask(open(port, '127.0.0.4', '127.0.0.2'), '/livez')).toBe('HTTP/1.1 200 OK');
      expect(await ask(open(port), '/livez')).toBe('HTTP/1.1 200 OK');
    },
    WITHIN_MS,
  );

  it('end at every address of localhost with the server, and no other begins', async () => {
    const { server, port } = await serve(['127.0.0.1', '127.0.0.2']);
    const enter = () => open(port, '127.0.0.1', '127.0.0.2');
    const busy = enter();
    expect(await ask(busy, '/api/v1/events')).toBe('HTTP/1.1 200 OK');
    const ended = once(busy.resume(), 'close');

    await server.close();
    await ended;
    const [refusal] = (await once(enter(), 'error')) as [NodeJS.ErrnoException];

    expect(refusal.code).toBe('ECONNREFUSED');
  });

  it('come to the first address of localhost where another program has the next', async () => {
    const other = await serve(['127.0.0.2']);
    const { port } = await serve(['127.0.0.1', '127.0.0.2'], other.port);

    expect(port).toBe(other.port);
    expect(await ask(open(port), '/livez')).toBe('HTTP/1.1 200 OK');
    expect(await ask(open(port, '127.0.0.1', '127.0.0.2'), '/livez')).toBe('HTTP/1.1 200 OK');
  });

  it('with very large headers are refused', async () => {
    const { port } = await serve();

    expect(await ask(open(port), '/livez', [`x: ${'y'.repeat(20_000)}`])).toBe(
      'HTTP/1.1 431 Request Header Fields Too Large',
    );
  });
});

describe('a refusal', () => {
  it('is not larger than the question, however much is wrong with it', async () => {
    const { server } = await serve();
    const payload = { findings: Array.from({ length: 100_000 }, () => 0) };

    const answer = await server.inject({ method: 'POST', url: '/api/v1/findings/triage', payload });

    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ errors: unknown[] }>().errors.length).toBeLessThanOrEqual(100);
  });
});
