import type { LiveEvent } from '@bulwark/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';
import { FairShare } from '../http/fair-share.ts';
import { beginRaw } from '../http/raw-answer.ts';
import { eventFor } from './audience.ts';
import { ALL_TOPICS, type EventLog, type Happening } from './event-log.ts';

/** The media type of server-sent events. */
export const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** Shorter than what proxies and browsers take for silence. */
const HEARTBEAT_MS = 15_000;
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
  readonly heartbeatMs?: number;
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
    const { log } = this.options;
    this.share.take(caller.person, MOST_OF_ONE, reply.raw);
    const raw = begin(reply);
    const send = (event: LiveEvent): void => {
      if (raw.writableLength > MOST_WAITING) raw.destroy();
      else raw.write(`id: ${log.hub} ${event.sequence}\ndata: ${JSON.stringify(event)}\n\n`);
    };
    const gathered = gather(send);
    for (const happening of missed(request, log)) {
      const event = eventFor(happening, caller);
      if (event !== undefined) send(event);
    }
    const stop = log.listen((happening) => {
      const event = eventFor(happening, caller);
      if (event !== undefined) gathered.add(event);
    });
    const heartbeat = setInterval(() => {
      raw.write(': still here\n\n');
      void this.isSame(request, caller).then((isSame) => isSame || raw.end());
    }, this.options.heartbeatMs ?? HEARTBEAT_MS);
    const end = setTimeout(() => raw.end(), Math.min(2 ** 31 - 1, caller.expires.getTime() - now.getTime()));
    raw.on('close', () => {
      stop();
      gathered.stop();
      clearInterval(heartbeat);
      clearTimeout(end);
    });
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

function begin(reply: FastifyReply): FastifyReply['raw'] {
  const raw = beginRaw(reply, { 'content-type': EVENT_STREAM, 'x-accel-buffering': 'no' });
  raw.write(`retry: ${RETRY_MS}\n\n`);
  return raw;
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
