import { LIVE_HEARTBEAT_MS } from '@bulwark/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { News } from './connection.ts';
import { HubStream, SILENCE_MS } from './hub-stream.ts';

/** In which it is known that the hub does not answer, beginning with its last word. */
const WITHIN_MS = 6000;
const START = new Date('2026-11-26T10:00:00Z');
const ALIVE = ': still here\n\n';
const EVENT = 'id: 7\ndata: {"sequence":7}\n\n';
const encoder = new TextEncoder();

/** A stream of the hub that a test writes. */
class Stream {
  readonly response: Response;
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(signal: AbortSignal) {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.controller = controller;
      },
    });
    signal.addEventListener('abort', () => this.controller?.error(new Error('given up')));
    this.response = new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
    this.write('retry: 2000\n\n');
  }

  write(text: string): void {
    this.controller?.enqueue(encoder.encode(text));
  }

  end(): void {
    this.controller?.close();
  }
}

let stop = (): void => undefined;

/** Follows a hub that answers as the test says, by default with a stream. */
function follow(answers: (Response | Error | Promise<never>)[]) {
  const news: News[] = [];
  const streams: Stream[] = [];
  let asked = 0;
  const stream = new HubStream({
    open: async (signal) => {
      asked++;
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      if (answer !== undefined) return answer;
      const made = new Stream(signal);
      streams.push(made);
      return made.response;
    },
    tell: (each) => news.push(each),
    random: () => 1,
  });
  stop = () => stream.stop();
  const how = () => news.findLast((each) => each.kind === 'connection')?.connection;
  return { news, streams, stream, how, asked: () => asked };
}

/** What is told, a connection only where it is another one than before. */
function changes(news: readonly News[]): string[] {
  let before = '';
  return news.flatMap((each) => {
    if (each.kind !== 'connection') return [each.kind === 'event' ? each.data : each.kind];
    const { kind } = each.connection;
    const told = kind === before ? [] : [kind];
    before = kind;
    return told;
  });
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe('the stream of the hub', () => {
  it('tells that it is open, that something may have been missed, and each event', async () => {
    const { news, streams } = follow([]);
    await settle();
    streams[0]?.write(`${ALIVE}${EVENT.slice(0, 9)}`);
    streams[0]?.write(EVENT.slice(9));
    await settle();

    expect(changes(news)).toEqual(['open', 'gap', '{"sequence":7}']);
  });

  it('is opened again at once where it ended, without a word of being cut off', async () => {
    const { news, streams } = follow([]);
    await settle();
    streams[0]?.end();
    await vi.advanceTimersByTimeAsync(1000);

    expect(streams).toHaveLength(2);
    expect(changes(news)).toEqual(['open', 'gap', 'gap']);
  });

  it.each([
    ['502', () => new Response('', { status: 502 })],
    ['503', () => new Response('', { status: 503 })],
    ['429', () => new Response('', { status: 429 })],
    ['200 with a page', () => new Response('<p>', { headers: { 'content-type': 'text/html' } })],
    ['nothing', () => new Error('connection refused')],
  ])('is opened again after %s, less and less often', async (_what, answer) => {
    const { streams, how, asked } = follow([...Array(20)].map((): Response | Error => answer()));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(how()).toEqual({ kind: 'lost', what: 'hub', since: START.getTime() });
    expect(asked()).toBeGreaterThan(5);
    expect(asked()).toBeLessThan(12);
    for (let count = 0; count < 300 && how()?.kind !== 'open'; count++)
      await vi.advanceTimersByTimeAsync(1000);

    expect(streams).toHaveLength(1);
    expect(how()).toEqual({ kind: 'open' });
  });

  it('says since when it is cut off: since it ended, however often it was tried since', async () => {
    const answers: Error[] = [];
    const { streams, how } = follow(answers);
    for (let count = 0; count < 5; count++) {
      await vi.advanceTimersByTimeAsync(2000);
      streams[0]?.write(ALIVE);
    }
    answers.push(...[...Array(5)].map(() => new Error('away')));
    streams[0]?.end();
    await vi.advanceTimersByTimeAsync(3000);

    expect(how()).toEqual({ kind: 'lost', what: 'hub', since: START.getTime() + 10_000 });
  });

  it('ends where nobody is signed in', async () => {
    const { how, asked } = follow([new Response('', { status: 401 })]);
    await vi.advanceTimersByTimeAsync(600_000);

    expect(how()).toEqual({ kind: 'signed-out' });
    expect(asked()).toBe(1);
  });

  it('has everything asked again where it is refused, as rights may have changed, and is tried again', async () => {
    const answers = [403, 403].map((status) => new Response('', { status }));
    const { news, streams, how } = follow(answers);
    await settle();
    const atFirst = [...news];
    await vi.advanceTimersByTimeAsync(600);
    const gaps = news.filter(({ kind }) => kind === 'gap').length;
    await vi.advanceTimersByTimeAsync(5000);

    expect(atFirst).toEqual([{ kind: 'gap' }]);
    expect(gaps).toBe(2);
    expect(streams).toHaveLength(1);
    expect(how()).toEqual({ kind: 'open' });
  });

  it('is given up after a silence, as after the sleep of a machine', async () => {
    const { streams } = follow([]);
    await settle();
    vi.setSystemTime(START.getTime() + SILENCE_MS + 1);
    await vi.advanceTimersByTimeAsync(6000);

    expect(streams).toHaveLength(2);
  });

  it.each([
    ['as often as it should', LIVE_HEARTBEAT_MS],
    ['late, as a hub with much to do does', 2.4 * LIVE_HEARTBEAT_MS],
  ])('is kept, and said to be open, where the hub says that it is there: %s', async (_how, every) => {
    const { news, streams } = follow([]);
    await settle();
    for (let count = 0; count < 100; count++) {
      await vi.advanceTimersByTimeAsync(every);
      streams[0]?.write(ALIVE);
    }
    await settle();

    expect(streams).toHaveLength(1);
    expect(changes(news)).toEqual(['open', 'gap']);
  });

  it.each([
    ['of a stream that is open', []],
    ['where a stream is asked for', [new Promise<never>(() => undefined)]],
  ])('says within six seconds that nothing is heard of the hub, and since when: %s', async (_of, answers) => {
    const { how } = follow([...answers]);
    await vi.advanceTimersByTimeAsync(WITHIN_MS);

    expect(how()).toEqual({ kind: 'lost', what: 'hub', since: START.getTime() });
  });

  it('goes on where the hub is heard again, and has asked again what may have failed meanwhile', async () => {
    const { news, streams } = follow([]);
    await vi.advanceTimersByTimeAsync(20_000);
    streams[0]?.write(ALIVE);
    await settle();

    expect(streams).toHaveLength(1);
    expect(changes(news)).toEqual(['open', 'gap', 'lost', 'open', 'gap']);
  });

  it('says since when the database of a hub that answers does not, until it does again, and has asked again then', async () => {
    const { news, streams, how } = follow([]);
    await settle();
    const since = START.getTime() - 3000;
    const silent = (moment: string | null) =>
      `event: database\ndata: ${JSON.stringify({ databaseSilentSince: moment })}\n\n`;
    streams[0]?.write(silent(new Date(since).toISOString()));
    for (let count = 0; count < 10; count++) {
      await vi.advanceTimersByTimeAsync(LIVE_HEARTBEAT_MS);
      streams[0]?.write(ALIVE);
    }
    await settle();
    expect(how()).toEqual({ kind: 'lost', what: 'database', since });
    streams[0]?.write(silent(null));
    await settle();

    expect(how()).toEqual({ kind: 'open' });
    expect(changes(news)).toEqual(['open', 'gap', 'lost', 'open', 'gap']);
  });

  it('says that it is the hub which is not heard, where its database was away before', async () => {
    const { streams, how } = follow([]);
    await settle();
    streams[0]?.write(
      `event: database\ndata: ${JSON.stringify({ databaseSilentSince: START.toISOString() })}\n\n`,
    );
    await vi.advanceTimersByTimeAsync(WITHIN_MS);

    expect(how()).toEqual({ kind: 'lost', what: 'hub', since: START.getTime() });
  });

  it('says that the database is away, where the hub cannot open a stream for that', async () => {
    const away = () =>
      new Response(JSON.stringify({ code: 'database-away' }), {
        status: 503,
        headers: { 'content-type': 'application/problem+json' },
      });
    const { how } = follow([...Array(20)].map(away));
    await vi.advanceTimersByTimeAsync(WITHIN_MS);

    expect(how()).toEqual({ kind: 'lost', what: 'database', since: START.getTime() });
  });

  it('is opened at once when that may help', async () => {
    const { stream, streams, how } = follow([...Array(8)].map(() => new Error('away')));
    while (how()?.kind !== 'lost') await vi.advanceTimersByTimeAsync(1000);
    for (let count = 0; count < 8; count++) {
      stream.hurry();
      await settle();
    }

    expect(streams).toHaveLength(1);
  });
});
