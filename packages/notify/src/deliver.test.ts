import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '@bulwark/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Channel } from './channel.ts';
import { deliver, waitAfter } from './deliver.ts';
import { MESSAGE, NOW } from './message.testing.ts';
import type { Message } from './message.ts';
import { isSigned, signature } from './webhook.ts';

const open: { close: () => void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => server.closeAllConnections() }, server);
  return (server.address() as AddressInfo).port;
}

interface Received {
  readonly request: IncomingMessage;
  readonly body: string;
}

async function receiver(
  answer: (response: ServerResponse, received: Received) => void,
): Promise<{ readonly url: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one = { request, body: Buffer.concat(parts).toString('utf8') };
      received.push(one);
      answer(response, one);
    });
  });
  return { url: `http://127.0.0.1:${await listening(server)}/secret-path`, received };
}

const attempt = (channel: Channel, signal = new AbortController().signal) =>
  deliver(channel, MESSAGE, { now: NOW, signal });

function webhook(url: string): Channel {
  return { type: 'webhook', url: new Secret(url), signingKey: new Secret('key') };
}

describe('a webhook', () => {
  it('gets the message as JSON, signed so that it can be told from any other', async () => {
    const { url, received } = await receiver((response) => response.end('thanks'));

    expect(await attempt(webhook(url))).toEqual({ status: 'sent', answer: '200 thanks' });
    const [{ request, body }] = received as [Received];
    const header = String(request.headers['x-bulwark-signature']);
    expect(JSON.parse(body)).toMatchObject({
      schema: 'bulwark.notification/v1',
      id: 'n-1',
      title: MESSAGE.title,
    });
    expect(request.headers['x-bulwark-delivery']).toBe('n-1');
    expect(isSigned(header, 'key', body, { now: NOW })).toBe(true);
    expect(isSigned(header, 'other', body, { now: NOW })).toBe(false);
    expect(isSigned(header, 'key', `${body} `, { now: NOW })).toBe(false);
    expect(isSigned(header, 'key', body, { now: new Date(NOW.getTime() + 301_000) })).toBe(false);
  });

  it.each([
    ...[400, 401, 403, 404, 410].map((status) => ({
      status,
      headers: {},
      outcome: { status: 'retry', answer: `${status} no` },
    })),
    {
      status: 302,
      headers: { location: 'http://127.0.0.1:1/' },
      outcome: { status: 'retry', answer: '302 no' },
    },
    { status: 503, headers: {}, outcome: { status: 'retry', answer: '503 no' } },
    {
      status: 429,
      headers: { 'retry-after': '7' },
      outcome: { status: 'retry', answer: '429 no', afterMs: 7000 },
    },
    {
      status: 503,
      headers: { 'retry-after': new Date(NOW.getTime() + 90_000).toUTCString() },
      outcome: { status: 'retry', answer: '503 no', afterMs: 90_000 },
    },
  ])('that answers $status is $outcome.status', async ({ status, headers, outcome }) => {
    const { url } = await receiver((response) => response.writeHead(status, headers).end('no'));

    expect(await attempt(webhook(url))).toEqual(outcome);
  });

  it('that hangs up is to be tried again, and its address is not told', async () => {
    const { url } = await receiver((response) => response.destroy());

    const outcome = await attempt(webhook(url));

    expect(outcome.status).toBe('retry');
    expect(outcome.answer).not.toContain('secret-path');
  });

  it('that was never reached certainly has nothing, and one that hangs up may have it', async () => {
    const hangingUp = await receiver((response) => response.destroy());
    const closed = createServer();
    const port = await listening(closed);
    await new Promise((resolve) => closed.close(resolve));

    expect(await attempt(webhook(`http://127.0.0.1:${port}/`))).toEqual({
      status: 'retry',
      answer: 'no answer: ECONNREFUSED',
    });
    expect(await attempt(webhook(hangingUp.url))).toMatchObject({ status: 'retry', mayHaveCome: true });
  });

  it('that says nothing is waited for no longer than who asks wants to wait', async () => {
    const { url } = await receiver(() => undefined);
    const { signal } = new AbortController();

    expect(await deliver(webhook(url), MESSAGE, { now: NOW, signal, longestMs: 200 })).toEqual({
      status: 'retry',
      answer: 'no answer within 0.2 s',
      mayHaveCome: true,
    });
  });

  it('that answers without end is read only a little', async () => {
    const { url } = await receiver((response) => {
      response.writeHead(200);
      const more = (): void => {
        while (response.writable && response.write('x'.repeat(65_536)));
        if (response.writable) response.once('drain', more);
      };
      more();
    });

    const { status, answer } = await attempt(webhook(url));

    expect(status).toBe('sent');
    expect(answer.length).toBe(500);
  });
});

describe('a receiver that never answers', () => {
  it('is given up as soon as that is wanted, and whether it has the message is not known', async () => {
    const ending = new AbortController();
    const { url, received } = await receiver(() => ending.abort());

    expect(await attempt(webhook(url), ending.signal)).toEqual({
      status: 'broken-off',
      answer: 'No answer came before the hub stopped.',
    });
    expect(received.length).toBe(1);
  });

  it('is not asked at all once that is wanted', async () => {
    const { url, received } = await receiver((response) => response.end());

    expect((await attempt(webhook(url), AbortSignal.abort())).status).toBe('broken-off');
    expect(received).toEqual([]);
  });

  it('to the end has the message where it says so at the beginning', async () => {
    const ending = new AbortController();
    const { url } = await receiver((response) => {
      response.writeHead(200);
      response.write('than', () => setTimeout(() => response.destroy(), 50));
    });

    expect(await attempt(webhook(url), ending.signal)).toEqual({ status: 'sent', answer: '200 than' });
  });
});

describe('a message that cannot be written for its channel', () => {
  it('is not sent, which is an outcome like others', async () => {
    const { url, received } = await receiver((response) => response.end('ok'));
    const change = { ...MESSAGE.change, at: new Date(Number.NaN) } as Message['change'];
    const signal = new AbortController().signal;

    expect(
      await deliver({ type: 'slack', url: new Secret(url) }, { ...MESSAGE, change }, { now: NOW, signal }),
    ).toEqual({ status: 'retry', answer: 'not sent: RangeError' });
    expect(received).toEqual([]);
  });
});

const NOT_SENT = {
  status: 'failed',
  answer: 'not sent: it leads to a link-local address or to the metadata of a cloud, where nothing is sent',
};

describe('a webhook that leads to what only this machine may ask', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'https://169.254.169.254/',
    'http://2852039166/',
    'http://0xa9.254.43518/',
    'http://169.254.169.254./',
    'http://[fe80::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
  ])('is not sent: %s', async (url) => {
    expect(await attempt(webhook(url))).toEqual(NOT_SENT);
    expect(await attempt({ type: 'slack', url: new Secret(url) })).toEqual(NOT_SENT);
  });

  it.each([301, 302, 303, 307, 308])('is not followed there, nor anywhere, after %i', async (status) => {
    const target = await receiver((response) => response.end('taken'));
    for (const location of ['http://169.254.169.254/', target.url]) {
      const { url } = await receiver((response) => response.writeHead(status, { location }).end('there'));

      expect(await attempt(webhook(url))).toEqual({
        status: 'retry',
        answer: `${status} there`,
      });
    }
    expect(target.received).toEqual([]);
  });
});

describe('a chat that is asked for a channel', () => {
  const chat = (url: string): Channel => ({ type: 'slack', url: new Secret(url), channel: '#storefront' });
  const channelsOf = (received: readonly Received[]) =>
    received.map(({ body }) => (JSON.parse(body) as { channel?: string }).channel);

  it('and has it gets the message once', async () => {
    const { url, received } = await receiver((response) => response.end('ok'));

    expect(await attempt(chat(url))).toEqual({ status: 'sent', answer: '200 ok' });
    expect(channelsOf(received)).toEqual(['#storefront']);
  });

  it('and has none of that name gets it for its own, which says whom it is for', async () => {
    const { url, received } = await receiver((response, { body }) =>
      body.includes('"channel":') ? response.writeHead(404).end('channel_not_found') : response.end('ok'),
    );

    expect(await attempt(chat(url))).toEqual({
      status: 'sent',
      answer: '200 ok; #storefront was refused: 404 channel_not_found',
    });
    expect(channelsOf(received)).toEqual(['#storefront', undefined]);
    expect(received[1]?.body).toContain('for #storefront');
  });

  it('and refuses its own as well is asked for both again later', async () => {
    const { url, received } = await receiver((response) => response.writeHead(403).end('no'));

    expect(await attempt(chat(url))).toEqual({
      status: 'retry',
      answer: '403 no; #storefront was refused: 403 no',
    });
    expect(channelsOf(received)).toEqual(['#storefront', undefined]);
  });

  it('and is broken is asked for it again later', async () => {
    const { url, received } = await receiver((response) => response.writeHead(503).end());

    expect((await attempt(chat(url))).status).toBe('retry');
    expect(received.length).toBe(1);
  });
});

describe('the wait before the next attempt', () => {
  it('grows, stays within six hours, and is never the same for all', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempts, random) => {
          const wait = waitAfter(attempts, random);
          expect(wait).toBeGreaterThanOrEqual(7500);
          expect(wait).toBeLessThanOrEqual(6 * 3_600_000);
          expect(waitAfter(attempts + 1, random)).toBeGreaterThanOrEqual(wait);
        },
      ),
    );
  });
});

describe('a signature', () => {
  it('is HMAC-SHA256 over time and body', () => {
    // echo -n '1700000000.{}' | openssl dgst -sha256 -hmac key
    expect(signature('key', 1_700_000_000, '{}')).toBe(
      't=1700000000,v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae',
    );
  });
});
