import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { Secret } from '@bulwark/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Channel } from './channel.ts';
import { deliver } from './deliver.ts';
import { type MailBehaviour, refusal, startMailServer } from './mail-server.testing.ts';
import { HOSTILE, MESSAGE, NOW } from './message.testing.ts';
import type { Message } from './message.ts';

type MailChannel = Extract<Channel, { readonly type: 'smtp' }>;

const open: { close: () => void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

async function server(...how: Parameters<typeof startMailServer>) {
  const started = await startMailServer(...how);
  open.push(started);
  return started;
}

function mail(port: number, more: Partial<MailChannel> = {}): MailChannel {
  return {
    type: 'smtp',
    host: '127.0.0.1',
    port,
    implicitTls: false,
    from: 'bulwark@example.com',
    to: ['team@example.com'],
    ...more,
  };
}

const attempt = (channel: Channel, message: Message = MESSAGE, signal = new AbortController().signal) =>
  deliver(channel, message, { now: NOW, signal });

/** Lines of quoted-printable end in the middle of words (RFC 2045 6.7). */
const unfolded = (text: string): string => text.replace(/=\r?\n/g, '');

describe('mail', () => {
  it('goes to its readers and no others, whatever the names of objects say', async () => {
    const { port, mails } = await server();
    const hostile = {
      ...MESSAGE,
      title: HOSTILE,
      cluster: HOSTILE,
      owners: [HOSTILE],
      environments: [HOSTILE],
    };

    expect((await attempt(mail(port), hostile)).status).toBe('sent');
    const [{ to, text } = { to: [], text: '' }] = mails;
    const [head = ''] = text.split('\r\n\r\n');
    expect(to).toEqual(['team@example.com']);
    expect(head).not.toMatch(/^Bcc:/im);
    expect(
      head
        .match(/^\S+:/gm)
        ?.map((name) => name.toLowerCase())
        .sort(),
    ).toEqual([
      'auto-submitted:',
      'content-type:',
      'date:',
      'from:',
      'message-id:',
      'mime-version:',
      'subject:',
      'to:',
    ]);
    expect(head).toContain('Message-ID: <n-1@bulwark>');
    expect(text).not.toContain('\u202e');
  });

  it('says whose it is', async () => {
    const { port, mails } = await server();

    await attempt(mail(port));

    expect(unfolded(mails[0]?.text ?? '')).toContain(
      'Owner: storefront. Environment: production, unknown. Cluster: prod-eu.',
    );
  });

  it('goes to many readers about many things in lines that every server takes', async () => {
    const { port, mails } = await server();
    const to = Array.from({ length: 50 }, (_each, index) => `reader-${index}@example.com`);
    const [item] = MESSAGE.items;
    const items = Array.from({ length: 200 }, () => ({ ...item, text: 'Łódź '.repeat(400) }));

    const long = { ...MESSAGE, title: 'x'.repeat(2000), items: items as unknown as Message['items'] };
    expect((await attempt(mail(port, { to }), long)).status).toBe('sent');

    expect(mails[0]?.to).toEqual(to);
    const longest = Math.max(...(mails[0]?.text.split('\r\n') ?? []).map((line) => Buffer.byteLength(line)));
    // RFC 5321 4.5.3.1.6, without the end of the line.
    expect(longest).toBeLessThanOrEqual(998);
  });

  it.each([
    { what: 'a domain', to: 'team@läden.example', head: 'To: team@xn--lden-loa.example' },
    { what: 'a name', to: 'jörg@example.com', head: 'To: jörg@example.com' },
  ])('reaches an address with letters of any script in $what', async ({ to, head }) => {
    const { port, mails } = await server();

    expect((await attempt(mail(port, { to: [to] }))).status).toBe('sent');
    expect(mails[0]?.to).toEqual([to]);
    expect(mails[0]?.text).toContain(head);
  });

  it.each([
    { code: 550, status: 'failed' },
    { code: 451, status: 'retry' },
  ])('that is refused with $code is $status', async ({ code, status }) => {
    const { port } = await server({}, { refuse: () => refusal(code, 'not now') });

    expect(await attempt(mail(port))).toEqual({ status, answer: `${code} not now` });
  });

  it('without a server is to be tried again, and why is said', async () => {
    expect(await attempt(mail(1))).toEqual({ status: 'retry', answer: 'no answer: ECONNREFUSED' });
  });

  it.each([
    ['an address', '169.254.169.254'],
    ['one of IPv6', 'fe80::1'],
    // No address to Node, and so resolved, by the system (inet_aton(3)).
    ['a name that is resolved', String(0xa9_fe_a9_fe)],
  ])('to what only this machine may ask is not sent: %s', async (_what, host) => {
    expect(await attempt(mail(25, { host }))).toEqual({
      status: 'failed',
      answer:
        'not sent: it leads to a link-local address or to the metadata of a cloud, where nothing is sent',
    });
  });
});

describe('mail to readers of whom a server takes some', () => {
  const to = ['here@example.com', 'grey@example.com', 'gone@example.com'];
  /** A server that lists strangers grey, once, and does not know one of them. */
  const grey = () => {
    const known = new Set<string>(['here@example.com']);
    return server({
      onRcptTo: ({ address }, _session, done) => {
        if (address === 'gone@example.com') return done(refusal(550, 'no such user'));
        if (known.has(address)) return done();
        known.add(address);
        return done(refusal(450, 'come back'));
      },
    });
  };

  it('is tried again for those whom it may take later, and says who is not known', async () => {
    const { port, mails } = await grey();

    const first = await attempt(mail(port, { to }));
    expect(first).toMatchObject({
      status: 'retry',
      answer: expect.stringContaining(
        'not to grey@example.com: 450 come back; gone@example.com: 550 no such',
      ),
      left: ['grey@example.com', 'gone@example.com'],
    });
    const left = first.status === 'retry' ? first.left : undefined;
    const second = await attempt(mail(port, { to: left ?? [] }));

    expect(second).toMatchObject({
      status: 'sent',
      answer: expect.stringContaining('not to gone@example.com: 550 no such user'),
    });
    expect(mails.map((each) => each.to)).toEqual([['here@example.com'], ['grey@example.com']]);
    expect(new Set(mails.map(({ text }) => /^Message-ID: .*$/m.exec(text)?.[0])).size).toBe(1);
  });

  it('is tried again where it takes it for none of them yet', async () => {
    const { port, mails } = await grey();

    const both = { to: ['grey@example.com'] };
    expect(await attempt(mail(port, both))).toMatchObject({ status: 'retry', left: ['grey@example.com'] });
    expect(await attempt(mail(port, both))).toMatchObject({ status: 'sent' });
    expect(mails.length).toBe(1);
  });

  it('is given up where it takes it for none of them ever', async () => {
    const { port } = await grey();

    expect(await attempt(mail(port, { to: ['gone@example.com'] }))).toMatchObject({ status: 'failed' });
  });
});

describe('mail with a user', () => {
  const users = () =>
    server({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: ({ username = '', password }, _session, done) =>
        password === 'right' ? done(null, { user: username }) : done(refusal(535, 'wrong password')),
    });
  const as = (port: number, password: string) =>
    mail(port, { user: 'bulwark', password: new Secret(password) });

  it('is sent by that user', async () => {
    const { port, mails } = await users();

    expect((await attempt(as(port, 'right'))).status).toBe('sent');
    expect(mails[0]?.user).toBe('bulwark');
  });

  it('waits for whoever mends the password, or gives one', async () => {
    const { port, mails } = await users();

    expect(await attempt(as(port, 'wrong'))).toEqual({ status: 'retry', answer: '535 wrong password' });
    expect(await attempt(mail(port))).toMatchObject({
      status: 'retry',
      answer: expect.stringMatching(/^530 /),
    });
    expect(mails).toEqual([]);
  });
});

describe('a mail server that never answers', () => {
  /** One that says nothing more after some words. */
  async function silentAfter(words: string, onMore: () => void): Promise<number> {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.write(words, () => onMore());
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    open.push({
      close: () => {
        for (const socket of sockets) socket.destroy();
        silent.close();
      },
    });
    return (silent.address() as AddressInfo).port;
  }

  it.each(['', '220 here\r\n'])('is given up as soon as that is wanted, after %j', async (words) => {
    const ending = new AbortController();
    const port = await silentAfter(words, () => ending.abort());

    expect((await attempt(mail(port), MESSAGE, ending.signal)).status).toBe('broken-off');
  });

  it('is given up also while it looks at the mail, which is then sent again as the same', async () => {
    const ending = new AbortController();
    const silent: MailBehaviour = {
      isSilent: true,
      refuse: () => {
        ending.abort();
        return undefined;
      },
    };
    const first = await server({}, silent);

    expect((await attempt(mail(first.port), MESSAGE, ending.signal)).status).toBe('broken-off');
    const second = await server();
    await attempt(mail(second.port));

    const ids = [first, second].map(({ mails }) => /^Message-ID: .*$/m.exec(mails[0]?.text ?? '')?.[0]);
    expect(ids).toEqual(['Message-ID: <n-1@bulwark>', 'Message-ID: <n-1@bulwark>']);
  });
});
