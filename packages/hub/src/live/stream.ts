import type { LiveEvent } from '@bulwark/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';
import { ALL_TOPICS, type EventLog } from './event-log.ts';

/** The media type of server-sent events. */
export const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** Shorter than what proxies and browsers take for silence. */
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2000;
/** What may wait for a slow reader before it is cut off, in bytes; it comes back and goes on where it was. */
const MOST_WAITING = 256 * 1024;
/** Bursts reach the page as one event. */
const GATHER_MS = 250;

/**
 * Answers with server-sent events (HTML Living Standard 9.2). `Last-Event-ID` goes on where the stream broke off; what is
 * no longer known is told as a change of everything. The stream ends with the caller's session.
 */
export function streamEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  { log, caller, now }: { readonly log: EventLog; readonly caller: Caller; readonly now: Date },
): void {
  reply.hijack();
  const { raw } = reply;
  const headers = Object.fromEntries(
    Object.entries(reply.getHeaders()).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  raw.writeHead(200, {
    ...headers,
    'content-type': EVENT_STREAM,
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.write(`retry: ${RETRY_MS}\n\n`);
  const send = (event: LiveEvent): void => {
    if (raw.writableLength > MOST_WAITING) raw.destroy();
    else raw.write(`id: ${event.sequence}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  const gathered = gather(send);
  const maySee = ({ cluster }: LiveEvent): boolean =>
    cluster === null || caller.limits.clusters === 'all' || caller.limits.clusters.includes(cluster);
  for (const event of missed(request, log)) if (maySee(event)) send(event);
  const stop = log.listen((event) => {
    if (maySee(event)) gathered.add(event);
  });
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS);
  const end = setTimeout(() => raw.end(), Math.min(2 ** 31 - 1, caller.expires.getTime() - now.getTime()));
  raw.on('close', () => {
    stop();
    gathered.stop();
    clearInterval(heartbeat);
    clearTimeout(end);
  });
}

function missed(request: FastifyRequest, log: EventLog): readonly LiveEvent[] {
  const given = request.headers['last-event-id'];
  if (typeof given !== 'string' || !/^\d{1,15}$/.test(given)) return [];
  return log.after(Number(given)) ?? [{ sequence: log.last, cluster: null, topics: [...ALL_TOPICS] }];
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
