import { describe, expect, it } from 'vitest';
import { failureOfError, failureOfStatus } from './failure.ts';

const withCode = (code: string, message = 'it broke') => Object.assign(new Error(message), { code });

describe('what a status means', () => {
  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [405, 'not-found'],
    [410, 'expired'],
    [429, 'busy'],
    [503, 'server-error'],
    [418, 'refused'],
    [302, 'refused'],
  ])('%i is %s', (status, kind) => {
    expect(failureOfStatus(status, '').kind).toBe(kind);
  });

  it('takes the message of a Status, the first line of other text, and nothing of a page', () => {
    expect(failureOfStatus(403, '{"kind":"Status","message":"pods is forbidden"}').message).toBe(
      'pods is forbidden',
    );
    expect(failureOfStatus(502, 'bad gateway\nmore').message).toBe('bad gateway');
    expect(failureOfStatus(502, '<html>oops</html>').message).toBe('The server answers 502.');
    expect(failureOfStatus(500, `{"message":"${'x'.repeat(9999)}"}`).message).toHaveLength(500);
  });

  it('reads how long to wait in seconds, and nothing else', () => {
    expect(failureOfStatus(429, '', '7').retryAfterMs).toBe(7000);
    expect(failureOfStatus(429, '', 'Wed, 21 Oct 2026 07:28:00 GMT').retryAfterMs).toBeUndefined();
  });
});

describe('what an error of a connection means', () => {
  it.each([
    [withCode('ECONNREFUSED'), 'unreachable', 'it broke (ECONNREFUSED)'],
    [withCode('UND_ERR_HEADERS_TIMEOUT'), 'timed-out', 'The server does not answer in time.'],
    [
      new Error('outer', { cause: withCode('SELF_SIGNED_CERT_IN_CHAIN') }),
      'untrusted',
      "The server's certificate is not trusted: outer.",
    ],
    ['text', 'unreachable', 'unknown error'],
  ])('%s is %s', (error, kind, message) => {
    expect(failureOfError(error)).toEqual({ kind, message });
  });

  it('is nothing but the wish of the caller when the signal is aborted', () => {
    const controller = new AbortController();
    controller.abort();

    expect(failureOfError(withCode('ECONNRESET'), controller.signal).kind).toBe('aborted');
  });
});
