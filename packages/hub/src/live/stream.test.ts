import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { EventLog } from './event-log.ts';
import { streamEvents } from './stream.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const CALLER: Caller = {
  user: 'ann',
  person: 'ann',
  userId: 1,
  role: 'viewer',
  limits: { clusters: 'all', namespaces: 'all' },
  via: 'session',
  countedAs: 'session ann',
  csrf: 'x',
  expires: new Date(NOW.getTime() + 60_000),
};

const open: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serve(log: EventLog, caller: Caller = CALLER): Promise<string> {
  const server = Fastify({ forceCloseConnections: true });
  server.get('/', (request, reply) => streamEvents(request, reply, { log, caller, now: NOW }));
  open.push(server as unknown as FastifyInstance);
  await server.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/`;
}

/** Reads events until so many have come. */
async function read(
  url: string,
  count: number,
  lastEventId?: string,
  during?: () => void,
): Promise<unknown[]> {
  const stop = new AbortController();
  const response = await fetch(url, {
    signal: stop.signal,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  });
  const found: unknown[] = [];
  let text = '';
  const decoder = new TextDecoder();
  during?.();
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) found.push(JSON.parse(data));
    }
    if (found.length >= count) break;
  }
  stop.abort();
  return found;
}

describe('the stream of events', () => {
  it('tells what happens while one listens, a burst as one event', async () => {
    const log = new EventLog(100);
    const url = await serve(log);

    const events = await read(url, 1, undefined, () => {
      setTimeout(() => {
        log.add(1, ['findings']);
        log.add(1, ['inventory', 'findings']);
      }, 20);
    });

    expect(events).toEqual([{ sequence: 102, cluster: 1, topics: ['findings', 'inventory'] }]);
  });

  it('goes on where it broke off', async () => {
    const log = new EventLog(100);
    log.add(1, ['findings']);
    log.add(2, ['coverage']);

    expect(await read(await serve(log), 1, '101')).toEqual([
      { sequence: 102, cluster: 2, topics: ['coverage'] },
    ]);
  });

  it.each(['7', '999'])('says that everything may have changed to one who knows only %s', async (known) => {
    const log = new EventLog(100);
    log.add(1, ['findings']);

    const [event] = await read(await serve(log), 1, known);

    expect(event).toMatchObject({ sequence: 101, cluster: null });
    expect((event as { topics: string[] }).topics).toHaveLength(7);
  });

  it('tells nothing of clusters that the caller may not see', async () => {
    const log = new EventLog(100);
    log.add(1, ['findings']);
    log.add(2, ['findings']);
    const url = await serve(log, { ...CALLER, limits: { clusters: [2], namespaces: 'all' } });

    expect(await read(url, 1, '100')).toEqual([{ sequence: 102, cluster: 2, topics: ['findings'] }]);
  });

  it('ends with the session', async () => {
    const url = await serve(new EventLog(0), { ...CALLER, expires: new Date(NOW.getTime() + 50) });

    expect(await read(url, 1)).toEqual([]);
  });
});

describe('the log of events', () => {
  it('keeps a thousand', () => {
    const log = new EventLog(0);
    for (let count = 0; count < 1500; count++) log.add(null, ['clusters']);

    expect(log.after(500)?.length).toBe(1000);
    expect(log.after(499)).toBeUndefined();
    expect(log.after(1500)).toEqual([]);
  });
});
