import { get, type JsonObject, objectAt, type Result, stringAt } from '@bulwark/core';
import { parseObject } from './document.ts';
import { failure, failureOfError, failureOfStatus, type KubeFailure } from './failure.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import { LineSplitter } from './lines.ts';

/** A change of one object. `object` is as after the change; for `DELETED` as it was last. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: JsonObject;
}

/** How changes are watched. */
export interface WatchOptions {
  /** Where to begin: the version of a list, or where the last watch ended. */
  readonly resourceVersion: string;
  /** After how many seconds the server is to end the watch. */
  readonly timeoutSeconds: number;
  /** After how many milliseconds without a byte the connection counts as dead. */
  readonly silenceMs: number;
  readonly labelSelector?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called when the server has begun to answer. */
  readonly onOpen?: () => Promise<void>;
  /** Called when an event or a bookmark has come and was taken: what answers is an API server. */
  readonly onHeard?: () => Promise<void>;
  /** Called with the changes that came together, and waited for before more is read. */
  readonly onEvents: (events: readonly WatchEvent[]) => Promise<void>;
}

/** How a watch ended, and up to where it saw. Without a failure the server or silence ended it. */
export interface WatchEnd {
  readonly resourceVersion: string;
  readonly failure: KubeFailure | undefined;
}

/** The longest event: two copies of the largest object that etcd takes, many times over. */
const LONGEST_LINE = 64 * 1024 * 1024;

type Send = (
  request: Pick<HttpRequest, 'path' | 'compress' | 'bodyTimeoutMs' | 'signal'>,
) => Promise<Result<HttpAnswer, KubeFailure>>;

/**
 * Watches until the server, silence, a failure or the signal ends it. Never throws for anything that the server sends;
 * what `onOpen`, `onHeard` and `onEvents` throw passes through.
 */
export async function watchEvents(send: Send, path: string, options: WatchOptions): Promise<WatchEnd> {
  const { resourceVersion, signal, silenceMs } = options;
  const answer = await send({
    path: `${path}?${queryOf(options)}`,
    compress: false,
    bodyTimeoutMs: silenceMs,
    signal,
  });
  if (!answer.ok) return { resourceVersion, failure: answer.error };
  await options.onOpen?.();
  return new Stream(options).read(answer.value.body);
}

function queryOf({ resourceVersion, timeoutSeconds, labelSelector }: WatchOptions): string {
  return new URLSearchParams({
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion,
    timeoutSeconds: String(timeoutSeconds),
    ...(labelSelector !== undefined && { labelSelector }),
  }).toString();
}

class Stream {
  private readonly options: WatchOptions;
  private readonly lines = new LineSplitter(LONGEST_LINE);
  private resourceVersion: string;

  constructor(options: WatchOptions) {
    this.options = options;
    this.resourceVersion = options.resourceVersion;
  }

  async read(body: AsyncIterable<Uint8Array>): Promise<WatchEnd> {
    const chunks = body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const chunk = await nextChunk(chunks, this.options.signal);
        if (!(chunk instanceof Uint8Array)) return this.end(chunk);
        const failed = await this.take(chunk);
        if (failed !== undefined) return this.end(failed);
      }
    } finally {
      // Lets the connection go; the body may be in the middle of an event.
      await chunks.return?.().catch(() => undefined);
    }
  }

  private end(failed: KubeFailure | undefined): WatchEnd {
    return { resourceVersion: this.resourceVersion, failure: failed };
  }

  private async take(chunk: Uint8Array): Promise<KubeFailure | undefined> {
    const events: WatchEvent[] = [];
    let failed: KubeFailure | undefined;
    let sound = 0;
    for (const line of this.split(chunk)) {
      failed = line === undefined ? GARBLED : this.takeLine(line, events);
      if (failed !== undefined) break;
      sound++;
    }
    if (events.length > 0) await this.options.onEvents(events);
    if (sound > 0) await this.options.onHeard?.();
    return failed;
  }

  private split(chunk: Uint8Array): readonly (Buffer | undefined)[] {
    try {
      return this.lines.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    } catch {
      // The line is longer than anything that a server has reason to send.
      return [undefined];
    }
  }

  private takeLine(line: Buffer, events: WatchEvent[]): KubeFailure | undefined {
    const event = parseObject(line);
    const object = objectAt(event, 'object');
    const type = stringAt(event, 'type');
    if (object === undefined) return GARBLED;
    if (type === 'ERROR') return failureOfEvent(object);
    const version = stringAt(object, 'metadata', 'resourceVersion');
    if (version === undefined || version === '') return GARBLED;
    if (type !== 'BOOKMARK') {
      const isChange = type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED';
      if (!isChange || stringAt(object, 'metadata', 'name') === undefined) return GARBLED;
      events.push({ type, object });
    }
    this.resourceVersion = version;
    return undefined;
  }
}

const GARBLED = failure('garbled', 'The watch sends what is not an event.');

/** The next chunk; undefined where the watch has ended without fault, else why it failed. */
async function nextChunk(
  chunks: AsyncIterator<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | KubeFailure | undefined> {
  try {
    const next = await chunks.next();
    return next.done === true ? undefined : next.value;
  } catch (error) {
    const found = failureOfError(error, signal);
    // Silence is no fault: a quiet kind looks the same as a dead connection, and beginning again tells them apart.
    return found.kind === 'timed-out' ? undefined : found;
  }
}

function failureOfEvent(status: JsonObject): KubeFailure {
  const code = get(status, 'code');
  return failureOfStatus(typeof code === 'number' ? code : 500, JSON.stringify(status));
}
