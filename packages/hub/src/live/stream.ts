import { LIVE_HEARTBEAT_MS, LIVE_SILENCE, type LiveEvent, type LiveSilence } from '@bulwark/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';
import { whenOver } from '../http/answer-end.ts';
import { FairShare } from '../http/fair-share.ts';
import { beginRaw } from '../http/raw-answer.ts';
import { eventFor } from './audience.ts';
import { ALL_TOPICS, type EventLog, type Happening } from './event-log.ts';

/** The media type of server-sent events. */
export const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** Rights and sessions are looked up, which is not for every sign of life. */
const CHECK_MS = 15_000;
const RETRY_MS = 2000;
/** What may wait for a slow reader before it is cut off, in bytes; it comes back and goes on where it was. */
const MOST_WAITING = 256 * 1024;
/** Bursts reach the page as one event. */
const GATHER_MS = 250;
/** More than anybody has pages open. */
const MOST_OF_ONE = 30;

export interface LiveOptions {
  readonly log: EventLog;
  /** Who makes a request, now: rights and sessions end while a stream is open. */
  readonly callerOf: (request: FastifyRequest) => Promise<Caller | undefined>;
  /** How often it is said that the stream is alive. */
  readonly heartbeatMs?: number;
  /** How often it is asked whether who listens is still who it was. */
  readonly checkMs?: number;
}

/** The streams of server-sent events (HTML Living Standard 9.2) that are open. */
export class LiveStreams {
  private readonly options: LiveOptions;
  private readonly share = new FairShare();

  constructor(options: LiveOptions) {
    this.options = options;
  }

  /**
   * Answers with events. `Last-Event-ID` goes on where the stream broke off; what is no longer known is told as a change of
   * everything. The stream ends with the caller's session or token, and when they may see something else.
   *
   * @throws AppError `too-many-requests` where the person has very many open.
   */
  answer(
    request: FastifyRequest,
    reply: FastifyReply,
    { caller, now }: { readonly caller: Caller; readonly now: Date },
  ): void {
    const { log, heartbeatMs = LIVE_HEARTBEAT_MS, checkMs = CHECK_MS } = this.options;
    this.share.take(caller.person, MOST_OF_ONE, reply.raw);
    const stream = new Stream(reply);
    const gathered = gather((event) => stream.send(log.hub, event));
    stream.from(gathered.stop);
    const hear = (happening: Happening, tell: (event: LiveEvent) => void): void => {
      const event = eventFor(happening, caller);
      if (event !== undefined) tell(event);
    };
    stream.from(log.listen((happening) => hear(happening, gathered.add)));
    stream.from(log.listenToSilence((since) => stream.sendSilence(since)));
    const heartbeat = setInterval(() => stream.write(': still here\n\n'), heartbeatMs);
    stream.from(() => clearInterval(heartbeat));
    const check = setInterval(
      () => void this.isSame(request, caller).then((isSame) => isSame || stream.end()),
      checkMs,
    );
    stream.from(() => clearInterval(check));
    const left = Math.min(2 ** 31 - 1, caller.expires.getTime() - now.getTime());
    const expiry = setTimeout(() => stream.end(), left);
    stream.from(() => clearTimeout(expiry));
    if (log.silentSince !== undefined) stream.sendSilence(log.silentSince);
    for (const happening of missed(request, log)) hear(happening, (event) => stream.send(log.hub, event));
  }

  private async isSame(request: FastifyRequest, { role, limits }: Caller): Promise<boolean> {
    try {
      const caller = await this.options.callerOf(request);
      return (
        caller?.role === role &&
        String(caller.limits.clusters) === String(limits.clusters) &&
        String(caller.limits.namespaces) === String(limits.namespaces)
      );
    } catch {
      // The database is away, and nothing happens meanwhile.
      return true;
    }
  }
}

/** One answer of events. From its end on, whatever ends it, nothing is written to it. */
class Stream {
  private readonly raw: FastifyReply['raw'];
  private readonly sources: (() => void)[] = [];
  private isOver = false;

  constructor(reply: FastifyReply) {
    this.raw = beginRaw(reply, { 'content-type': EVENT_STREAM, 'x-accel-buffering': 'no' });
    this.write(`retry: ${RETRY_MS}\n\n`);
    whenOver(this.raw, () => this.silence());
  }

  /** @param stop stops what has something written: called at the end, or at once where that is over. */
  from(stop: () => void): void {
    if (this.isOver) stop();
    else this.sources.push(stop);
  }

  send(hub: string, event: LiveEvent): void {
    this.write(`id: ${hub} ${event.sequence}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  /** The end of it is told too: a stream that is opened anew says what holds then. */
  sendSilence(since: Date | undefined): void {
    const silence: LiveSilence = { databaseSilentSince: since?.toISOString() ?? null };
    this.write(`event: ${LIVE_SILENCE}\ndata: ${JSON.stringify(silence)}\n\n`);
  }

  write(text: string): void {
    if (this.isOver) return;
    if (this.raw.writableLength <= MOST_WAITING) {
      this.raw.write(text);
      return;
    }
    this.silence();
    this.raw.destroy();
  }

  end(): void {
    if (this.isOver) return;
    this.silence();
    this.raw.end();
  }

  private silence(): void {
    this.isOver = true;
    for (const stop of this.sources.splice(0)) stop();
  }
}

function missed(request: FastifyRequest, log: EventLog): readonly Happening[] {
  const given = request.headers['last-event-id'];
  if (typeof given !== 'string') return [];
  const [, hub, number] = /^(?:(\S+) )?(\d{1,15})$/.exec(given) ?? [];
  if (number === undefined) return [];
  const everything = { topics: ALL_TOPICS, clusters: 'all', namespaces: 'all' } as const;
  const known = hub === log.hub ? log.after(Number(number)) : undefined;
  return known ?? [{ ...everything, sequence: log.latest() }];
}

/** Puts together what comes within a moment: the last sequence, all topics, the cluster if it is only one. */
function gather(send: (event: LiveEvent) => void): { add: (event: LiveEvent) => void; stop: () => void } {
  let waiting: LiveEvent | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    if (waiting !== undefined) send(waiting);
    waiting = undefined;
  };
  return {
    add: (event) => {
      waiting =
        waiting === undefined
          ? event
          : {
              sequence: event.sequence,
              cluster: waiting.cluster === event.cluster ? event.cluster : null,
              topics: [...new Set([...waiting.topics, ...event.topics])],
            };
      timer ??= setTimeout(flush, GATHER_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
