import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { ROUTES } from '@bulwark/api';
import { AppError } from '@bulwark/core';
import { scopeOf } from '@bulwark/store';
import { TestAuthority } from '@bulwark/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { streamFile } from '../handlers/stream-file.ts';
import type { Handlers, RequestContext } from '../http/handler.ts';
import { createServer } from '../http/server.ts';
import { EventLog } from './event-log.ts';
import { LiveStreams } from './stream.ts';

const CALLER: Caller = {
  user: 'ann',
  person: 'ann',
  userId: 1,
  role: 'viewer',
  limits: { clusters: 'all', namespaces: 'all' },
  scope: scopeOf({ clusters: 'all', namespaces: 'all' }),
  via: 'session',
  countedAs: 'session ann',
  csrf: 'x',
  expires: new Date(Date.now() + 3_600_000),
};
const WITHIN_MS = 60_000;
const EVENTS = '/api/v1/events';
const EXPORT = '/api/v1/findings/export?format=csv';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Counts who listens. */
class CountedLog extends EventLog {
  listening = 0;

  override listen(listener: Parameters<EventLog['listen']>[0]): () => void {
    this.listening++;
    const stop = super.listen(listener);
    return () => {
      this.listening--;
      stop();
    };
  }

  happen(): void {
    this.add({ topics: ['findings'], clusters: [1], namespaces: ['shop'] });
  }
}

async function* endless(): AsyncGenerator<string> {
  for (;;) yield 'x'.repeat(64 * 1024);
}

interface Served {
  readonly log: CountedLog;
  /** Connects, and reads nothing until it is told to. */
  readonly open: () => Socket;
  /** Whether requests are made by somebody who is signed in. */
  isSignedIn: boolean;
  /** Waited for before it is said who makes a request. */
  known: Promise<void>;
}

async function serve(isSecure = false): Promise<Served> {
  const log = new CountedLog(() => new Date());
  const { certificate: cert, key } = new TestAuthority().issue({ commonName: 'x', names: ['127.0.0.1'] });
  const callerOf = async (): Promise<Caller | undefined> => {
    await served.known;
    return served.isSignedIn ? CALLER : undefined;
  };
  const streams = new LiveStreams({ log, callerOf, heartbeatMs: 50, checkMs: 50 });
  const refuse = (): never => {
    throw new AppError('not-found');
  };
  const server = await createServer({
    handlers: {
      ...Object.fromEntries(Object.keys(ROUTES).map((id) => [id, refuse])),
      exportFindings: (_input: unknown, context: RequestContext) =>
        streamFile(context, { name: 'x', type: 'text/csv' }, endless()),
      events: (_input: unknown, { request, reply, now }: RequestContext) =>
        streams.answer(request, reply, { caller: CALLER, now }),
    } as unknown as Handlers,
    callerOf,
    audit: async () => undefined,
    now: () => new Date(),
    onFault: () => undefined,
    isSecure,
    ...(isSecure && { tls: { cert, key } }),
    version: '1.2.3',
  });
  ends.push(() => server.close());
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const served: Served = {
    log,
    isSignedIn: true,
    known: Promise.resolve(),
    open: () => {
      const place = { host: '127.0.0.1', port };
      const socket = isSecure ? connectSecurely({ ...place, rejectUnauthorized: false }) : connect(place);
      socket.on('error', () => undefined);
      socket.pause();
      ends.unshift(() => socket.destroy());
      return socket;
    },
  };
  return served;
}

function get(path: string, ...headers: readonly string[]): string {
  return [`GET ${path} HTTP/1.1`, 'host: 127.0.0.1', ...headers, '', ''].join('\r\n');
}

/** Until so many streams are open, or none is. */
async function listening({ log }: Served, count: number): Promise<void> {
  await vi.waitFor(() => expect(log.listening).toBe(count), { timeout: WITHIN_MS, interval: 10 });
}

/** Time enough for heartbeats, and for events that were gathered. */
async function meanwhile({ log }: Served): Promise<void> {
  for (let round = 0; round < 10; round++) {
    log.happen();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The first line of an answer over a new connection. */
async function asked(served: Served, path: string): Promise<string | undefined> {
  const socket = served.open();
  socket.write(get(path));
  const [part] = (await once(socket.resume(), 'data')) as [Buffer];
  socket.destroy();
  return part.toString('latin1').split('\r\n')[0];
}

describe.each([
  ['HTTP', false],
  ['TLS', true],
])('a stream of events over %s that ends with its session', (_name, isSecure) => {
  it('is silent from then on, while it waits behind an answer that nobody takes', async () => {
    const served = await serve(isSecure);
    served.open().write(get(EXPORT) + get(EVENTS));
    await listening(served, 1);

    served.isSignedIn = false;
    served.log.happen();
    await listening(served, 0);
    await meanwhile(served);

    expect(await asked(served, EVENTS)).toBe('HTTP/1.1 401 Unauthorized');
  });

  it('is silent from then on, while nobody takes the thousand events that it began with', async () => {
    const served = await serve(isSecure);
    const before = served.log.latest();
    for (let count = 0; count < 1000; count++) served.log.happen();
    const socket = served.open();
    socket.write(get(EVENTS, 'connection: close', `last-event-id: ${served.log.hub} ${before}`));
    await listening(served, 1);

    served.isSignedIn = false;
    await listening(served, 0);
    await meanwhile(served);

    if (!socket.resume().closed) await once(socket, 'close');
  });

  it('brings what came before, whole', async () => {
    const served = await serve(isSecure);
    const socket = served.open();
    let text = '';
    socket.resume().on('data', (part: Buffer) => {
      text += part.toString('latin1');
    });
    socket.write(get(EVENTS, 'connection: close'));
    await listening(served, 1);
    served.log.happen();
    await vi.waitFor(() => expect(text).toContain('"topics":["findings"]'), { timeout: WITHIN_MS });

    served.isSignedIn = false;

    if (!socket.closed) await once(socket, 'close');
    // The last part of a body in parts (RFC 9112 7.1).
    expect(text.endsWith('\r\n0\r\n\r\n')).toBe(true);
  });
});

describe('a stream of events', () => {
  it('leaves nothing behind where its connection closes while it waits for its turn', async () => {
    const served = await serve();
    const socket = served.open();
    socket.write(get(EXPORT) + get(EVENTS).repeat(30));
    await listening(served, 30);
    expect(await asked(served, EVENTS)).toBe('HTTP/1.1 429 Too Many Requests');

    socket.destroy();
    await listening(served, 0);

    expect(await asked(served, EVENTS)).toBe('HTTP/1.1 200 OK');
  });

  it('leaves nothing behind where its client is gone before it is known who that is', async () => {
    const served = await serve();
    let say = (): void => undefined;
    served.known = new Promise((resolve) => {
      say = resolve;
    });
    const sockets = Array.from({ length: 40 }, () => served.open());
    for (const socket of sockets) socket.write(get(EVENTS));
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 200));

    say();

    await new Promise((resolve) => setTimeout(resolve, 200));
    await listening(served, 0);
    expect(await asked(served, EVENTS)).toBe('HTTP/1.1 200 OK');
  });
});
