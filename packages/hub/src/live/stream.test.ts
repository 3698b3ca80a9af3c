import type { AddressInfo } from 'node:net';
import { LIVE_HEARTBEAT_MS, type LiveEvent } from '@bulwark/api';
import { scopeOf } from '@bulwark/store';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { EventLog, type Happening } from './event-log.ts';
import { LiveStreams } from './stream.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const START = NOW.getTime();
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
  expires: new Date(START + 60_000),
};

const open: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

/** A log whose clock a test sets. */
class TestLog extends EventLog {
  readonly clock: { at: number };

  constructor() {
    const clock = { at: START };
    super(() => new Date(clock.at), 'this-hub');
    this.clock = clock;
  }
}

function happen(log: EventLog, topic: Happening['topics'][number], more: Partial<Happening> = {}): void {
  log.add({ topics: [topic], clusters: [1], namespaces: ['shop'], ...more });
}

interface Serving {
  readonly caller?: Caller;
  /** Who asks when it is looked at again. */
  readonly again?: () => Caller | undefined;
}

async function serve(
  log: EventLog,
  { caller = CALLER, again = () => caller }: Serving = {},
): Promise<string> {
  const server = Fastify({ forceCloseConnections: true });
  const streams = new LiveStreams({ log, callerOf: async () => again(), checkMs: 20 });
  server.get('/', (request, reply) => streams.answer(request, reply, { caller, now: NOW }));
  open.push(server as unknown as FastifyInstance);
  await server.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/`;
}

interface Reading {
  readonly lastEventId?: number;
  /** Which hub gave it. */
  readonly hub?: string;
  /** Done when the stream is open. */
  readonly during?: () => void;
}

/** Reads events until so many have come, or the stream ends. */
async function read(
  url: string,
  count: number,
  { lastEventId, hub = 'this-hub', during }: Reading = {},
): Promise<LiveEvent[]> {
  const stop = new AbortController();
  const headers = lastEventId === undefined ? {} : { 'last-event-id': `${hub} ${lastEventId}` };
  const response = await fetch(url, { signal: stop.signal, headers });
  const found: LiveEvent[] = [];
  let text = '';
  const decoder = new TextDecoder();
  during?.();
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) found.push(JSON.parse(data) as LiveEvent);
    }
    if (found.length >= count) break;
  }
  stop.abort();
  return found;
}

describe('the stream of events', () => {
  it('tells what happens while one listens, a burst as one event', async () => {
    const log = new TestLog();
    const during = (): void => {
      happen(log, 'findings');
      happen(log, 'inventory');
    };

    const events = await read(await serve(log), 1, { during });

    expect(events).toEqual([{ sequence: START + 2, cluster: 1, topics: ['findings', 'inventory'] }]);
  });

  it('goes on where it broke off', async () => {
    const log = new TestLog();
    happen(log, 'findings');
    happen(log, 'coverage', { clusters: [2] });

    expect(await read(await serve(log), 1, { lastEventId: START + 1 })).toEqual([
      { sequence: START + 2, cluster: 2, topics: ['coverage'] },
    ]);
  });

  it.each([7, START + 999])(
    'says that everything may have changed to one who knows only %s',
    async (known) => {
      const log = new TestLog();
      happen(log, 'findings');

      const [event] = await read(await serve(log), 1, { lastEventId: known });

      expect(event).toMatchObject({ sequence: START + 1, cluster: null });
      // All but what is for administrators.
      expect(event?.topics).toHaveLength(6);
    },
  );

  it('says that everything may have changed to one who comes from another hub, whose clock may be ahead', async () => {
    const log = new TestLog();
    log.clock.at += 1000;
    happen(log, 'findings');
    log.clock.at += 10_000;

    const [event] = await read(await serve(log), 1, { hub: 'other', lastEventId: START + 5000 });

    expect(event).toMatchObject({ cluster: null });
    expect(event?.topics).toHaveLength(6);
  });

  it('says again and again that it is there, as often as pages expect', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const stop = new AbortController();
      const { body } = await fetch(await serve(new TestLog()), { signal: stop.signal });
      const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
      expect((await reader?.read())?.value).toMatch(/^retry: /);
      for (let count = 0; count < 3; count++) {
        vi.advanceTimersByTime(LIVE_HEARTBEAT_MS);
        expect((await reader?.read())?.value).toBe(': still here\n\n');
      }
      stop.abort();
    } finally {
      vi.useRealTimers();
    }
  });

  it('says that the database does not answer, also to one who comes meanwhile, and that it does again', async () => {
    const log = new TestLog();
    const url = await serve(log);
    const stop = new AbortController();
    const texts = async (): Promise<() => Promise<string>> => {
      const { body } = await fetch(url, { signal: stop.signal });
      const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
      return async () => (await reader?.read())?.value ?? '';
    };
    const first = await texts();
    await first();
    log.noteSilence(NOW);
    const second = await texts();
    const silent = `event: database\ndata: {"databaseSilentSince":"${NOW.toISOString()}"}\n\n`;
    expect(await first()).toBe(silent);
    let opening = await second();
    while (!opening.endsWith(silent)) opening += await second();
    log.noteSilence(undefined);

    const again = 'event: database\ndata: {"databaseSilentSince":null}\n\n';
    expect([await first(), await second()]).toEqual([again, again]);
    stop.abort();
  });

  it('ends with the session', async () => {
    const caller = { ...CALLER, expires: new Date(START + 50) };

    expect(await read(await serve(new TestLog(), { caller }), 1)).toEqual([]);
  });

  it.each<[string, Caller | undefined]>([
    ['a session or token that ended before', undefined],
    ['other limits', { ...CALLER, limits: { clusters: [1], namespaces: 'all' } }],
    ['another role', { ...CALLER, role: 'ci' }],
  ])('ends with %s', async (_what, now) => {
    expect(await read(await serve(new TestLog(), { again: () => now }), 1)).toEqual([]);
  });

  it('is opened thirty times by one person, and again when one of these is closed', async () => {
    const url = await serve(new TestLog());
    const stops = Array.from({ length: 30 }, () => new AbortController());
    const streams = await Promise.all(stops.map(({ signal }) => fetch(url, { signal })));

    expect(streams.map(({ status }) => status)).toEqual(Array(30).fill(200));
    expect((await fetch(url)).ok).toBe(false);

    stops[0]?.abort();
    for (let isOpen = false; !isOpen; ) {
      const stop = new AbortController();
      isOpen = (await fetch(url, { signal: stop.signal })).ok;
      stop.abort();
    }
    for (const stop of stops) stop.abort();
  });
});

describe('somebody with limits', () => {
  const limited = (clusters: 'all' | number[], namespaces: 'all' | string[]): Caller => ({
    ...CALLER,
    limits: { clusters, namespaces },
  });
  const everywhere = { clusters: 'all', namespaces: 'all' } as const;

  it.each<[string, Caller, Partial<Happening>]>([
    ['another cluster', limited([2], 'all'), {}],
    ['another namespace', limited('all', ['pay']), {}],
    ['their namespace in another cluster', limited([2], ['shop']), {}],
    ['no namespace', limited('all', ['shop']), { namespaces: [''] }],
    ['patterns that match none of theirs', limited('all', ['shop']), { namespaces: ['pay*'] }],
    ['another namespace than their patterns take', limited('all', ['pay*']), {}],
    ['no namespace, which no pattern takes', limited('all', ['*']), { namespaces: [''] }],
    ['patterns that can match nothing of theirs', limited('all', ['pay*']), { namespaces: ['shop*'] }],
    ['everything, where they may see nothing', limited([], []), everywhere],
    ['the settings', CALLER, { topics: ['settings'], ...everywhere }],
  ])('hears nothing of %s, not even by what comes after it', async (_where, caller, elsewhere) => {
    const told = async (isToHear: boolean): Promise<LiveEvent[]> => {
      const log = new TestLog();
      if (isToHear) for (let count = 0; count < 5; count++) happen(log, 'findings', elsewhere);
      log.clock.at += 1000;
      const { clusters, namespaces } = caller.limits;
      happen(log, 'coverage', { clusters, namespaces });
      // Heard by everybody: the end.
      const url = await serve(log, { caller, again: () => undefined });
      return read(url, 100, { lastEventId: START });
    };

    expect(await told(true)).toEqual(await told(false));
  });

  it.each<[string, Caller, Partial<Happening>, number | null]>([
    ['their cluster', limited([1], 'all'), {}, 1],
    ['their namespace', limited('all', ['pay', 'shop']), {}, 1],
    ['several clusters, one of them theirs', limited([1], 'all'), { clusters: [1, 2] }, 1],
    ['all clusters', limited([1], ['shop']), everywhere, null],
    ['a namespace that a pattern of theirs takes', limited('all', ['s*']), {}, 1],
    ['patterns that can match what theirs take', limited('all', ['s*']), { namespaces: ['*op'] }, 1],
    ['patterns that match one of theirs', limited('all', ['shop']), { namespaces: ['pay', 's*'] }, 1],
  ])('hears of %s', async (_where, caller, what, cluster) => {
    const log = new TestLog();
    happen(log, 'findings', what);

    expect(await read(await serve(log, { caller }), 1, { lastEventId: START })).toEqual([
      { sequence: START + 1, cluster, topics: ['findings'] },
    ]);
  });
});

describe('the log of events', () => {
  it('keeps a thousand', () => {
    const log = new TestLog();
    for (let count = 0; count < 1500; count++) happen(log, 'clusters');

    expect(log.after(START + 500)?.length).toBe(1000);
    expect(log.after(START + 499)).toBeUndefined();
    expect(log.after(START + 1500)).toEqual([]);
  });

  it('numbers by the clock, and never twice the same', () => {
    const log = new TestLog();
    happen(log, 'findings');
    happen(log, 'findings');
    log.clock.at += 5000;
    happen(log, 'findings');

    expect(log.after(START)?.map(({ sequence }) => sequence - START)).toEqual([1, 2, 5000]);
  });
});
