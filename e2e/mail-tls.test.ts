import type { AddressInfo } from 'node:net';
import { Secret } from '@bulwark/core';
import { type Channel, type Message, sendMail } from '@bulwark/notify';
import { TestAuthority } from '@bulwark/testkit';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';

type MailChannel = Extract<Channel, { readonly type: 'smtp' }>;

/** Of the loopback network (RFC 1122, 3.2.1.3), but no address that is sent to without TLS. */
const ELSEWHERE = '127.0.0.2';
const AUTHORITY = new TestAuthority();
const OTHER = new TestAuthority('another');

function certified(name: string) {
  const { certificate, key } = AUTHORITY.issue({ commonName: 'mail', names: [name] });
  return { cert: certificate, key };
}

const MESSAGE: Message = {
  id: 'n-1',
  about: 'findings',
  title: 'shop/api takes its node',
  severity: 'critical',
  owners: ['storefront'],
  contacts: [],
  cluster: 'prod-eu',
  environments: [],
  change: null,
  rank: null,
  action: null,
  items: [],
  omitted: 0,
  told: 0,
  link: 'https://bulwark.example.com/',
  at: new Date('2026-11-26T10:00:00Z'),
};

/** What a server knows of a mail that it took. */
interface Taken {
  readonly isSecure: boolean;
  readonly user: string | undefined;
}

const open: SMTPServer[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** A server that lets everybody sign in, and says what it has been told. */
async function start(how: SMTPServerOptions) {
  const taken: Taken[] = [];
  const passwords: string[] = [];
  const server = new SMTPServer({
    closeTimeout: 1,
    ...how,
    onAuth: ({ password }, _session, done) => {
      passwords.push(password ?? '');
      done(null, { user: 'bulwark' });
    },
    onData: (stream, { secure, user }, done) => {
      stream.resume();
      stream.on('end', () => {
        taken.push({ isSecure: secure, user });
        done();
      });
    },
  });
  // A client that does not trust it hangs up.
  server.on('error', () => undefined);
  open.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '0.0.0.0', () => resolve());
  });
  return { port: (server.server.address() as AddressInfo).port, taken, passwords };
}

function mail(port: number, implicitTls: boolean): MailChannel {
  return {
    type: 'smtp',
    host: ELSEWHERE,
    port,
    implicitTls,
    user: 'bulwark',
    password: new Secret('planted-password'),
    from: 'bulwark@example.com',
    to: ['team@example.com'],
  };
}

const send = (channel: MailChannel, { certificate }: TestAuthority) =>
  sendMail(channel, MESSAGE, { signal: new AbortController().signal, authorities: certificate });

describe.skipIf(process.platform !== 'linux')('mail to another machine (needs all of 127.0.0.0/8)', () => {
  it.each([
    { what: 'after STARTTLS', implicitTls: false },
    { what: 'from the start', implicitTls: true },
  ])('is encrypted $what', async ({ implicitTls }) => {
    const { port, taken } = await start({ ...certified(ELSEWHERE), secure: implicitTls });

    expect((await send(mail(port, implicitTls), AUTHORITY)).status).toBe('sent');
    expect(taken).toEqual([{ isSecure: true, user: 'bulwark' }]);
  });

  it.each<{
    what: string;
    implicitTls: boolean;
    how: SMTPServerOptions;
    trusted: TestAuthority;
    says: RegExp;
  }>([
    {
      what: 'that offers no TLS',
      implicitTls: false,
      how: { allowInsecureAuth: true, disabledCommands: ['STARTTLS'] },
      trusted: AUTHORITY,
      says: /^no STARTTLS: 5\d\d /,
    },
    {
      what: 'without TLS where that is wanted from the start',
      implicitTls: true,
      how: { disabledCommands: ['STARTTLS'] },
      trusted: AUTHORITY,
      says: /^no TLS: wrong version number$/,
    },
    {
      what: 'whose authority is not known',
      implicitTls: false,
      how: certified(ELSEWHERE),
      trusted: OTHER,
      says: /^no TLS: unable to /,
    },
    {
      what: 'from the start whose authority is not known',
      implicitTls: true,
      how: { ...certified(ELSEWHERE), secure: true },
      trusted: OTHER,
      says: /^no TLS: unable to /,
    },
    {
      what: 'with the certificate of another',
      implicitTls: false,
      how: certified('other.example.com'),
      trusted: AUTHORITY,
      says: /^no TLS: .*altnames/,
    },
  ])('waits for a server $what, and tells it nothing', async ({ implicitTls, how, trusted, says }) => {
    const { port, taken, passwords } = await start(how);

    const outcome = await send(mail(port, implicitTls), trusted);

    expect(outcome).toEqual({ status: 'retry', answer: expect.stringMatching(says) });
    expect([taken, passwords]).toEqual([[], []]);
  });
});
