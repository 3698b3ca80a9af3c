import { err, ok, type Result } from '@bulwark/core';
import type { Dispatcher } from 'undici';
import type { ClusterAccess, Credential, Impersonation } from '../access/access.ts';
import type { Clock } from '../clock.ts';
import { wholeBody } from './body.ts';
import { failureOfError, failureOfStatus, type KubeFailure } from './failure.ts';
import { Transport } from './transport.ts';
import { unlessAborted } from './unless-aborted.ts';

/** One request; there is no method, because nothing but GET is ever sent. */
export interface HttpRequest {
  /** Path and query below the server's own path, such as `/api/v1/pods?limit=500`. */
  readonly path: string;
  readonly accept: string;
  /** Whether the answer may be packed. */
  readonly compress: boolean;
  /** How long the answer may take to begin. */
  readonly headersTimeoutMs: number;
  /** How long the answer may pause. */
  readonly bodyTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** An answer with status 200, whose body is still to be read. */
export interface HttpAnswer {
  readonly contentType: string;
  readonly encoding: string | undefined;
  readonly body: Dispatcher.ResponseData['body'];
}

const MOST_OF_A_FAILURE = 64 * 1024;

/** Sends requests to a cluster with its credentials. */
export class Http {
  private readonly access: ClusterAccess;
  private readonly clock: Clock;
  private readonly userAgent: string;
  private readonly transport: Transport;
  private skew: number | undefined;
  private isUnauthorized = false;

  constructor(access: ClusterAccess, clock: Clock, userAgent: string) {
    this.access = access;
    this.clock = clock;
    this.userAgent = userAgent;
    this.transport = new Transport(access);
  }

  /** How far the server's clock is ahead of ours, in milliseconds, within a second; undefined before the first answer. */
  get clockSkewMs(): number | undefined {
    return this.skew;
  }

  /** Whether the server refused the credentials when it last was asked. */
  get isRefused(): boolean {
    return this.isUnauthorized;
  }

  /** Sends a request; once more when either side refuses the other, as credentials and authorities are exchanged at times. */
  async send(request: HttpRequest): Promise<Result<HttpAnswer, KubeFailure>> {
    const answer = await this.sendTwice(request);
    if (answer.ok) this.isUnauthorized = false;
    else if (answer.error.kind === 'unauthorized') this.isUnauthorized = true;
    return answer;
  }

  private async sendTwice(request: HttpRequest): Promise<Result<HttpAnswer, KubeFailure>> {
    const first = await this.attempt(request);
    if (first.ok || (first.error.kind !== 'unauthorized' && first.error.kind !== 'untrusted')) return first;
    if (first.error.kind === 'unauthorized') this.access.credentials.refused();
    return this.attempt(request);
  }

  /** Cuts all connections, and ends what looks up credentials. */
  async close(): Promise<void> {
    this.access.credentials.end?.();
    await this.transport.close();
  }

  private async attempt(request: HttpRequest): Promise<Result<HttpAnswer, KubeFailure>> {
    const credential = await unlessAborted(
      this.access.credentials.current(),
      request.signal,
      'The request was given up.',
    );
    if (!credential.ok) return credential;
    return this.transport.use(credential.value.certificate, (dispatcher) =>
      this.ask(dispatcher, request, credential.value),
    );
  }

  private async ask(
    dispatcher: Dispatcher,
    request: HttpRequest,
    credential: Credential,
  ): Promise<Result<HttpAnswer, KubeFailure>> {
    const { server } = this.access;
    try {
      const response = await dispatcher.request({
        origin: server.origin,
        path: server.pathname.replace(/\/$/, '') + request.path,
        method: 'GET',
        headers: this.headers(request, credential),
        headersTimeout: request.headersTimeoutMs,
        bodyTimeout: request.bodyTimeoutMs,
        ...(request.signal !== undefined && { signal: request.signal }),
      });
      this.noteTime(response.headers['date']);
      return await answerOf(response);
    } catch (error) {
      return err(failureOfError(error, request.signal));
    }
  }

  private headers(
    { accept, compress }: HttpRequest,
    { authorization }: Credential,
  ): Record<string, string | string[]> {
    return {
      accept,
      'user-agent': this.userAgent,
      ...(compress && this.access.compress && { 'accept-encoding': 'gzip' }),
      ...(authorization !== undefined && { authorization: authorization.reveal() }),
      ...impersonationHeaders(this.access.impersonation),
    };
  }

  private noteTime(date: string | string[] | undefined): void {
    const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    if (!Number.isNaN(theirs)) this.skew = theirs - this.clock.now();
  }
}

async function answerOf(response: Dispatcher.ResponseData): Promise<Result<HttpAnswer, KubeFailure>> {
  const { statusCode, headers, body } = response;
  const encoding = textOf(headers['content-encoding']);
  if (statusCode === 200) return ok({ contentType: textOf(headers['content-type']) ?? '', encoding, body });
  const read = await wholeBody(body, encoding, MOST_OF_A_FAILURE);
  const text = read.ok ? read.value.toString('utf8') : '';
  return err(failureOfStatus(statusCode, text, textOf(headers['retry-after'])));
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function impersonationHeaders(impersonation: Impersonation | undefined): Record<string, string | string[]> {
  if (impersonation === undefined) return {};
  const { user, uid, groups, extra } = impersonation;
  return {
    'impersonate-user': user,
    ...(uid !== undefined && { 'impersonate-uid': uid }),
    ...(groups.length > 0 && { 'impersonate-group': [...groups] }),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [
        `impersonate-extra-${encodeURIComponent(key)}`,
        [...values],
      ]),
    ),
  };
}
