import http from 'node:http';
import https from 'node:https';
import type { Send } from '@bulwark/api';
import type { HubAddress } from './address.ts';

const SILENT_MS = 60_000;
/** Far more than any page of a list. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A hub gave no answer that could be read; the code is that of the system, of TLS, or one of ours. */
export class NoAnswer extends Error {
  readonly code: string;

  constructor(code: string, cause?: unknown) {
    super('the hub gave no answer', { cause });
    this.code = code;
  }
}

/**
 * Sends requests over connections that are kept open. Redirections are not followed: the token is for one address.
 *
 * @returns what the typed client sends with; it rejects with `NoAnswer`.
 */
export function sendTo({ ca }: Pick<HubAddress, 'ca'>): Send {
  const agents = {
    http: new http.Agent({ keepAlive: true }),
    https: new https.Agent({ keepAlive: true, ...(ca !== undefined && { ca }) }),
  };
  return (url, { method, headers, body }) =>
    new Promise((resolve, reject) => {
      const fail = (code: string, cause?: unknown): void => reject(new NoAnswer(code, cause));
      const isSecure = url.startsWith('https:');
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const options = { method, headers: { ...headers, ...length }, timeout: SILENT_MS };
      const request = isSecure
        ? https.request(url, { ...options, agent: agents.https })
        : http.request(url, { ...options, agent: agents.http });
      request.on('timeout', () => request.destroy(new NoAnswer('SILENT')));
      request.on('error', (error) => fail(codeOf(error), error));
      request.on('response', (answer) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        answer.on('data', (part: Buffer) => {
          bytes += part.length;
          if (bytes > MOST_BYTES) request.destroy(new NoAnswer('TOO_LARGE'));
          else parts.push(part);
        });
        answer.on('error', (error) => fail(codeOf(error), error));
        answer.on('end', () => {
          const status = answer.statusCode ?? 0;
          if (status >= 300 && status < 400 && answer.headers.location !== undefined) fail('REDIRECTED');
          else resolve({ status, text: async () => Buffer.concat(parts).toString('utf8') });
        });
      });
      request.end(body);
    });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
