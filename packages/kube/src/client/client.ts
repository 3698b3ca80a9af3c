import { err, ok, type Result } from '@bulwark/core';
import type { ClusterAccess } from '../access/access.ts';
import { type Clock, SYSTEM_CLOCK } from '../clock.ts';
import { BackOff } from './back-off.ts';
import { MOST_BYTES, wholeBody } from './body.ts';
import { type GetOptions, type Got, parseObject } from './document.ts';
import { failure, failureOfError, isPassing, type KubeFailure } from './failure.ts';
import { Http, type HttpRequest } from './http.ts';
import { type ListOptions, type ListResult, listPages, type Page } from './list.ts';
import { type WatchEnd, type WatchOptions, watchEvents } from './watch.ts';

/** What a client needs besides the way to its cluster. */
export interface KubeClientOptions {
  readonly access: ClusterAccess;
  readonly clock?: Clock;
  /** From 0 to 1, for jitter. */
  readonly random?: () => number;
  /** How often a request that fails in passing is tried. */
  readonly attempts?: number;
  /** How long an answer may take to begin, in milliseconds. */
  readonly timeoutMs?: number;
  /** The most bytes of one answer, unpacked. */
  readonly mostBytes?: number;
  readonly userAgent?: string;
}

const JSON_TYPE = 'application/json';
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

/** Reads a cluster. It has no way to write: every request is a GET. */
export class KubeClient {
  readonly access: ClusterAccess;
  readonly clock: Clock;
  readonly random: () => number;
  private readonly attempts: number;
  /** How long an answer may take to begin, in milliseconds. */
  readonly timeoutMs: number;
  private readonly mostBytes: number;
  private readonly http: Http;

  constructor(options: KubeClientOptions) {
    this.access = options.access;
    this.clock = options.clock ?? SYSTEM_CLOCK;
    this.random = options.random ?? Math.random;
    this.attempts = options.attempts ?? 4;
    this.timeoutMs = options.timeoutMs ?? 30_000;
    this.mostBytes = options.mostBytes ?? MOST_BYTES;
    this.http = new Http(options.access, this.clock, options.userAgent ?? 'bulwark');
  }

  /** How far the server's clock is ahead of ours, in milliseconds; undefined before the first answer. */
  get clockSkewMs(): number | undefined {
    return this.http.clockSkewMs;
  }

  /** Whether the server refused the credentials when it last was asked; watches that are open go on all the same. */
  get isRefused(): boolean {
    return this.http.isRefused;
  }

  /** One document. `path` is path and query, such as `/version`. */
  async get(path: string, options: GetOptions = {}): Promise<Result<Got, KubeFailure>> {
    const backOff = new BackOff({ firstMs: FIRST_WAIT_MS, longestMs: LONGEST_WAIT_MS, random: this.random });
    const attempts = options.attempts ?? this.attempts;
    for (let attempt = 1; ; attempt++) {
      const got = await this.getOnce(path, options);
      if (got.ok || !isPassing(got.error)) return got;
      if (attempt >= (isSoon(got.error) ? (options.askedAttempts ?? attempts) : attempts)) return got;
      await this.clock.wait(backOff.next(got.error), options.signal);
    }
  }

  /** All objects below a path, page by page; see `listPages`. */
  list(
    path: string,
    options: ListOptions,
    onPage: (page: Page) => Promise<void>,
  ): Promise<Result<ListResult, KubeFailure>> {
    return listPages((pagePath, getOptions) => this.get(pagePath, getOptions), { path, options, onPage });
  }

  /** What changes below a path from a resource version on; see `watchEvents`. */
  watch(path: string, options: WatchOptions): Promise<WatchEnd> {
    return watchEvents(
      (request) => this.http.send({ ...request, accept: JSON_TYPE, headersTimeoutMs: this.timeoutMs }),
      path,
      options,
    );
  }

  /** Cuts all connections; requests under way fail. */
  async close(): Promise<void> {
    await this.http.close();
  }

  private async getOnce(path: string, options: GetOptions): Promise<Result<Got, KubeFailure>> {
    const { accept, signal, timeoutMs = this.timeoutMs } = options;
    const request: HttpRequest = {
      path,
      accept: accept ?? JSON_TYPE,
      compress: true,
      headersTimeoutMs: timeoutMs,
      bodyTimeoutMs: timeoutMs,
      signal,
    };
    const answer = await this.http.send(request);
    if (!answer.ok) return answer;
    const { body, encoding, contentType } = answer.value;
    try {
      const whole = await wholeBody(body, encoding, this.mostBytes);
      if (!whole.ok) return whole;
      const value = parseObject(whole.value);
      return value === undefined ? err(NO_JSON) : ok({ value, contentType, bytes: whole.value.length });
    } catch (error) {
      return err(failureOfError(error, signal));
    }
  }
}

/** Whether the server asks to come back in a moment. */
function isSoon({ kind, retryAfterMs }: KubeFailure): boolean {
  return (kind === 'busy' || retryAfterMs !== undefined) && (retryAfterMs ?? 0) <= LONGEST_WAIT_MS;
}

const NO_JSON = failure('garbled', 'The answer is not a JSON object; is this address an API server?');
