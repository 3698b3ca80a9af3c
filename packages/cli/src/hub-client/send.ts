import type { Send } from '@bulwark/api';
import { dispatcherTo } from '@bulwark/kube';
import type { HubAddress } from './address.ts';

const SILENT_MS = 60_000;
/** Far more than any page of a list. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A hub gave no answer that could be read; the code is that of the system, of TLS, of undici, or one of ours. */
export class NoAnswer extends Error {
  readonly code: string;

  constructor(code: string, cause?: unknown) {
    super('the hub gave no answer', { cause });
    this.code = code;
  }
}

/** Where requests go. */
interface Target extends Omit<HubAddress, 'token'> {
  /** Ends them all. */
  readonly signal?: AbortSignal;
}

/** An answer whose body is read as it comes; reading rejects with `NoAnswer` where it breaks off. */
interface Answer {
  readonly status: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** Sends a request, and gives the answer as soon as it begins. */
export type Ask = (...request: Parameters<Send>) => Promise<Answer>;

/**
 * Sends requests over connections that are kept open, made as those to clusters are. Redirections are not followed: the
 * token is for one address. A proxy sees the name of the hub and nothing else, as the token goes over TLS through it.
 *
 * @returns what rejects with `NoAnswer`.
 */
export function askAt({ url, ca, proxy, signal }: Target): Ask {
  const ending = signal === undefined ? {} : { signal };
  const dispatcher = dispatcherTo(new URL(url), { authorities: ca, proxy, ...ending });
  return async (address, { method, headers, body }) => {
    const { origin, pathname, search } = new URL(address);
    try {
      const answer = await dispatcher.request({
        origin,
        path: pathname + search,
        method,
        headers: { ...headers },
        headersTimeout: SILENT_MS,
        bodyTimeout: SILENT_MS,
        ...ending,
        ...(body !== undefined && { body }),
      });
      const status = answer.statusCode;
      if (status >= 300 && status < 400 && answer.headers['location'] !== undefined) {
        await answer.body.dump();
        throw new NoAnswer('REDIRECTED');
      }
      return { status, pieces: readable(answer.body) };
    } catch (error) {
      throw asNoAnswer(error);
    }
  };
}

/** What the typed client sends with: answers are read whole. It rejects with `NoAnswer`. */
export function sendTo(target: Target): Send {
  return wholeAnswers(askAt(target));
}

/** The same of what is asked already. */
export function wholeAnswers(ask: Ask): Send {
  return async (address, request) => {
    const { status, pieces } = await ask(address, request);
    const text = await textOf(pieces);
    return { status, text: async () => text };
  };
}

async function* readable(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw asNoAnswer(error);
  }
}

/** The text of a whole answer. @throws NoAnswer where it breaks off or has no end. */
export async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of pieces) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new NoAnswer('TOO_LARGE');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function asNoAnswer(error: unknown): NoAnswer {
  return error instanceof NoAnswer ? error : new NoAnswer(codeOf(error), error);
}

/** What a proxy says that opens no tunnel, in the words of undici. */
const REFUSED_TUNNEL = /^Proxy response \((\d{3})\)/;

function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const [, status] = REFUSED_TUNNEL.exec(at.message) ?? [];
    if (status !== undefined) return status === '407' ? 'PROXY_AUTHENTICATION' : 'PROXY_REFUSED';
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return 'unknown';
}
