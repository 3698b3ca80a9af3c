import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '@bulwark/core';
import fc from 'fast-check';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import type { Channel } from './channel.ts';
import { deliver, waitAfter } from './deliver.ts';
import { mailHtml, mailText } from './mail-text.ts';
import type { Message } from './message.ts';
import { slackPayload } from './slack.ts';
import { isSigned, signature } from './webhook.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const HOSTILE = 'shop/<!channel>\r\nBcc: all@example.com & "x" \u202e';

const MESSAGE: Message = {
  id: 'n-1',
  about: 'findings',
  environments: ['production', null],
  change: {
    object: 'Deployment shop/api',
    verb: 'created',
    by: 'ann',
    at: NOW,
    link: 'https://bulwark.example.com/changes?open=1%2F7',
  },
  rank: {
    control: 'hostpath-volume',
    title: 'No host paths',
    points: 65,
    lines: [
      { label: 'critical control', points: 60 },
      { label: 'in production', points: 5 },
    ],
    why: 'Deployment shop/api can take its node.',
  },
  action: 'Use another <volume>.',
  title: 'shop/api takes its node',
  severity: 'critical',
  owners: ['storefront'],
  contacts: ['#storefront'],
  cluster: 'prod-eu',
  items: [
    {
      severity: 'critical',
      control: 'hostpath-volume',
      object: 'Deployment shop/api',
      action: 'Use another <volume>.',
      environment: 'production',
      text: HOSTILE,
      state: 'opened',
      link: 'https://bulwark.example.com/findings?q=a b',
    },
  ],
  omitted: 2,
  link: 'https://bulwark.example.com/',
  at: NOW,
};

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

function webhook(url: string): Channel {
  return { type: 'webhook', url: new Secret(url), signingKey: new Secret('key') };
}

describe('a webhook', () => {
  it('gets the message as JSON, signed so that it can be told from any other', async () => {
    const { url, received } = await receiver((response) => response.end('thanks'));

    expect(await deliver(webhook(url), MESSAGE, NOW)).toEqual({ status: 'sent', answer: '200 thanks' });
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
    { status: 400, headers: {}, outcome: { status: 'failed', answer: '400 no' } },
    {
      status: 301,
      headers: { location: 'http://127.0.0.1:1/' },
      outcome: { status: 'failed', answer: '301 no' },
    },
    { status: 503, headers: {}, outcome: { status: 'retry', answer: '503 no' } },
    {
      status: 429,
      headers: { 'retry-after': '7' },
      outcome: { status: 'retry', answer: '429 no', afterMs: 7000 },
    },
  ])('that answers $status is $outcome.status', async ({ status, headers, outcome }) => {
    const { url } = await receiver((response) => response.writeHead(status, headers).end('no'));

    expect(await deliver(webhook(url), MESSAGE, NOW)).toEqual(outcome);
  });

  it('that hangs up is to be tried again, and its address is not told', async () => {
    const { url } = await receiver((response) => response.destroy());

    const outcome = await deliver(webhook(url), MESSAGE, NOW);

    expect(outcome.status).toBe('retry');
    expect(outcome.answer).not.toContain('secret-path');
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

    const { status, answer } = await deliver(webhook(url), MESSAGE, NOW);

    expect(status).toBe('sent');
    expect(answer.length).toBe(500);
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
    expect(await deliver(webhook(url), MESSAGE, NOW)).toEqual(NOT_SENT);
    expect(await deliver({ type: 'slack', url: new Secret(url) }, MESSAGE, NOW)).toEqual(NOT_SENT);
  });

  it.each([301, 302, 303, 307, 308])('is not followed there, nor anywhere, after %i', async (status) => {
    const target = await receiver((response) => response.end('taken'));
    for (const location of ['http://169.254.169.254/', target.url]) {
      const { url } = await receiver((response) => response.writeHead(status, { location }).end('there'));

      expect(await deliver(webhook(url), MESSAGE, NOW)).toEqual({
        status: 'failed',
        answer: `${status} there`,
      });
    }
    expect(target.received).toEqual([]);
  });
});

describe('a message', () => {
  const FACTS = [
    'Deployment shop/api was created by ann at 2026-11-26 10:00:00 UTC',
    'Deployment shop/api can take its node. No host paths: 65 points (+60 critical control, +5 in production)',
    'and 2 more',
  ];

  it('as text says what happened, by whom and when, why it matters, what to do, and where to read on', () => {
    const text = mailText(MESSAGE);

    for (const fact of FACTS) expect(text).toContain(fact);
    expect(text).toContain('Next: Use another <volume>.');
    expect(text).toContain('These 3 findings: https://bulwark.example.com/');
    expect(text).toContain('The change: https://bulwark.example.com/changes?open=1%2F7');
  });

  it('as HTML says the same, and nothing that a name could have made run', () => {
    const html = mailHtml(MESSAGE);

    for (const fact of FACTS) expect(html).toContain(fact);
    expect(html).toContain('Use another &lt;volume&gt;.');
    expect(html).toContain('<a href="https://bulwark.example.com/changes?open=1%2F7">The change</a>');
    expect(html).not.toMatch(/<(?:script|img|style|iframe)|<!channel>|\son\w+=/);
  });

  it('in a chat says the same, within what a chat takes', () => {
    const blocks = JSON.stringify(slackPayload(MESSAGE).blocks);

    for (const fact of FACTS) expect(blocks).toContain(fact);
    expect(blocks).toContain('Use another &lt;volume&gt;.');
    expect(blocks).toContain('<https://bulwark.example.com/changes?open=1%2F7|the change>');
  });

  it('says what is to be done once where it is the same for all', () => {
    const other = { ...MESSAGE, action: 'Begin elsewhere.' };

    expect(mailText(MESSAGE).split('Use another <volume>.').length).toBe(2);
    expect(mailText(other)).toContain('  Do: Use another <volume>.');
    expect(mailHtml(other)).toContain('<br>Do: Use another &lt;volume&gt;.');
    expect(JSON.stringify(slackPayload(other))).toContain('    Use another &lt;volume&gt;.');
  });

  it('about no change says so of none', () => {
    const text = mailText({ ...MESSAGE, change: null, rank: null, action: null });

    expect(text).not.toMatch(/^(?:What|Why|Next|The change):/m);
  });
});

describe('a chat', () => {
  it('gets no markup out of the names of objects', () => {
    const { blocks, text } = slackPayload(MESSAGE);

    expect(JSON.stringify(blocks)).toContain('&lt;!channel&gt;');
    expect(JSON.stringify(blocks)).not.toContain('<!channel>');
    expect(JSON.stringify(blocks)).toContain('https://bulwark.example.com/findings?q=a%20b');
    expect(JSON.stringify(blocks)).toContain('and 2 more');
    expect(text).toBe(MESSAGE.title);
  });

  it('is told whose it is, and addresses that it reads as they are', () => {
    const owners = ['a', 'b', 'c', 'd', 'e', null, 'f'];
    const { blocks } = slackPayload({ ...MESSAGE, owners, link: 'https://b.example/?cluster=1&q=a%3Ab|c' });

    expect(JSON.stringify(blocks)).toContain('owned by a, b, c, d, e and 2 more');
    expect(JSON.stringify(blocks)).toContain(
      '<https://b.example/?cluster=1&amp;q=a%3Ab%7Cc|and 2 more, open in Bulwark>',
    );
    expect(JSON.stringify(slackPayload({ ...MESSAGE, owners: [null] }).blocks)).toContain('owned by nobody');
  });

  it('is never told more than it takes', () => {
    const items = Array.from({ length: 200 }, () => ({
      ...(MESSAGE.items[0] as never as object),
      text: 'x'.repeat(900),
    }));

    const { blocks } = slackPayload({ ...MESSAGE, title: 't'.repeat(400), items: items as never });

    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const block of blocks as { text?: { text: string } }[])
      expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(3000);
    expect(JSON.stringify(blocks)).toContain('and 182 more');
  });
});

interface Mail {
  readonly to: string[];
  readonly text: string;
}

async function mailServer(refusal?: {
  readonly code: number;
  readonly text: string;
}): Promise<{ port: number; mails: Mail[] }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        if (refusal !== undefined) {
          done(Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
          return;
        }
        mails.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          text: Buffer.concat(parts).toString('utf8'),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  open.push({ close: () => server.close() });
  return { port: (server.server.address() as AddressInfo).port, mails };
}

function mail(port: number): Channel {
  return {
    type: 'smtp',
    host: '127.0.0.1',
    port,
    implicitTls: false,
    from: 'bulwark@example.com',
    to: ['team@example.com'],
  };
}

describe('mail', () => {
  it('goes to its readers and no others, whatever the names of objects say', async () => {
    const { port, mails } = await mailServer();

    expect((await deliver(mail(port), { ...MESSAGE, title: HOSTILE }, NOW)).status).toBe('sent');
    const [{ to, text }] = mails as [Mail];
    expect(to).toEqual(['team@example.com']);
    expect(text).not.toMatch(/^Bcc:/m);
    expect(text).toContain('Message-ID: <n-1@bulwark>');
    // Lines of quoted-printable end in the middle of words (RFC 2045 6.7).
    expect(text.replace(/=\r?\n/g, '')).toContain(
      'Owner: storefront. Environment: production, unknown. Cluster: prod-eu.',
    );
  });

  it.each([
    { code: 550, status: 'failed' },
    { code: 451, status: 'retry' },
  ])('that is refused with $code is $status', async ({ code, status }) => {
    const { port } = await mailServer({ code, text: 'not now' });

    expect(await deliver(mail(port), MESSAGE, NOW)).toEqual({ status, answer: `${code} not now` });
  });

  it.each([
    ['an address', '169.254.169.254'],
    ['one of IPv6', 'fe80::1'],
    // No address to Node, and so resolved, by the system (inet_aton(3)).
    ['a name that is resolved', String(0xa9_fe_a9_fe)],
  ])('to what only this machine may ask is not sent: %s', async (_what, host) => {
    expect(await deliver({ ...mail(25), host } as Channel, MESSAGE, NOW)).toEqual(NOT_SENT);
  });

  it('without a server is to be tried again', async () => {
    expect((await deliver(mail(1), MESSAGE, NOW)).status).toBe('retry');
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
