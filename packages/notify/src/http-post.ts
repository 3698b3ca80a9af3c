import { Agent, buildConnector, request } from 'undici';
import { ForbiddenDestination, isForbidden, lookUp } from './destination.ts';
import { type Attempt, type Outcome, unsureBy } from './message.ts';
import { waitAsked } from './retry-after.ts';

const TIME_OUT_MS = 10_000;
const HTTPS = '443';
/** Characters of an answer that are kept. */
export const MOST_ANSWER = 500;

/** What is sent. */
interface Request {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What became of a request. A receiver that is `refused` answered that it does not want what it was sent. */
export type Posted =
  | Outcome
  | (Omit<Extract<Outcome, { status: 'retry' }>, 'status'> & { readonly status: 'refused' });

/**
 * Sends a body once. 2xx is sent; 408, 425, 429, 5xx and no answer at all are to be tried again; everything else, redirects
 * included, which are not followed, is refused. At most 64 KiB of the answer are read.
 */
export async function post(
  url: string,
  { body, headers }: Request,
  { now, signal }: Attempt,
): Promise<Posted> {
  const dispatcher = new Agent({ connect: connectUntil(signal) });
  try {
    const response = await request(url, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'bulwark', ...headers },
      body,
      headersTimeout: TIME_OUT_MS,
      bodyTimeout: TIME_OUT_MS,
      signal,
    });
    const text = await beginOf(response.body);
    return outcomeOf(response.statusCode, text, waitAsked(response.headers['retry-after'], now));
  } catch (error) {
    return error instanceof ForbiddenDestination
      ? { status: 'failed', answer: `not sent: ${error.message}` }
      : { status: 'retry', answer: reasonOf(error), ...unsureBy(codeOf(error)) };
  } finally {
    await dispatcher.destroy();
  }
}

/**
 * What was refused is tried again, too: behind a proxy a receiver that is just being replaced answers 404, and one whose token is
 * renewed 401 or 403. What is wrong for longer somebody can mend meanwhile.
 */
export function triedAgain(posted: Posted): Outcome {
  return posted.status === 'refused' ? { ...posted, status: 'retry' } : posted;
}

/** Connections that a signal ends also while they are being made. Where the host is an address, nothing is looked up. */
function connectUntil(signal: AbortSignal): buildConnector.connector {
  // Its types leave out what it hands on to the socket.
  const options: buildConnector.BuildOptions & { readonly signal: AbortSignal } = {
    lookup: lookUp,
    timeout: TIME_OUT_MS,
    signal,
  };
  return (place, done) => {
    if (isForbidden(place.hostname)) done(new ForbiddenDestination(), null);
    else if (place.protocol === 'https:') connectThenSecure(options, place, done);
    else buildConnector(options)(place, done);
  };
}

/**
 * Begins TLS when there is a connection, whichever address of a name answered, all within one time limit. Where Node makes both in
 * one, a server that falls silent, is given up and goes on then can end the whole process (Node 20, `onread`).
 */
function connectThenSecure(
  options: buildConnector.BuildOptions,
  place: buildConnector.Options,
  done: buildConnector.Callback,
): void {
  const ends = performance.now() + TIME_OUT_MS;
  const plain = { ...place, protocol: 'http:', port: place.port === '' ? HTTPS : place.port };
  buildConnector(options)(plain, (...result) => {
    const [error, httpSocket] = result;
    if (error !== null) {
      done(...result);
      return;
    }
    const timeout = Math.max(1, Math.round(ends - performance.now()));
    buildConnector({ ...options, timeout })({ ...place, httpSocket }, done);
  });
}

const MOST_READ = 65_536;

/** The status says what became of the message: where the text breaks off, what came of it will do. */
async function beginOf(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of body) {
      parts.push(part);
      length += part.length;
      if (length >= MOST_READ) break;
    }
  } catch {
    // Said above.
  }
  return Buffer.concat(parts).toString('utf8');
}

function outcomeOf(status: number, text: string, afterMs: number | undefined): Posted {
  const answer = `${status} ${visible(text)}`.trim().slice(0, MOST_ANSWER);
  if (status >= 200 && status < 300) return { status: 'sent', answer };
  const isForNow = status === 408 || status === 425 || status === 429 || status >= 500;
  return { status: isForNow ? 'retry' : 'refused', answer, ...(afterMs !== undefined && { afterMs }) };
}

function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}

/** Errors of the network carry addresses, never what was sent; the address may be the secret, so only the code is said. */
function reasonOf(error: unknown): string {
  const code = codeOf(error);
  const name = error instanceof Error ? error.name : 'Error';
  return `no answer: ${typeof code === 'string' ? code : name}`;
}
