import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** What a receiver got. */
export interface Received {
  readonly id: string;
  readonly title: string;
  readonly owners: readonly (string | null)[];
  readonly severity: string;
  readonly omitted: number;
  readonly told: number;
  readonly link: string;
  readonly items: readonly { readonly control: string; readonly text: string; readonly state: string }[];
}

/** An HTTP server that answers as it is told; for tests. */
export interface Receiver {
  readonly url: string;
  readonly got: Received[];
  answer: (response: ServerResponse, path: string) => void;
  close(): void;
}

export async function startReceiver(): Promise<Receiver> {
  const got: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      got.push(JSON.parse(Buffer.concat(parts).toString('utf8')) as Received);
      receiver.answer(response, request.url ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0-planted-path`,
    got,
    answer: (response) => response.end('ok'),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return receiver;
}

/** A mail server that keeps what it gets, after refusing some; for tests. */
export async function startMailServer(
  refusals: number,
  { strangers = [] }: { readonly strangers?: readonly string[] } = {},
): Promise<{
  readonly port: number;
  readonly mails: string[];
  /** For whom each was. */
  readonly readers: (readonly string[])[];
  close(): void;
}> {
  const mails: string[] = [];
  const readers: (readonly string[])[] = [];
  let left = refusals;
  const grey = new Set(strangers);
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: ({ address }, _session, done) =>
      done(grey.delete(address) ? Object.assign(new Error('come back'), { responseCode: 450 }) : undefined),
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        left--;
        if (left >= 0) {
          done(Object.assign(new Error('try later'), { responseCode: 451 }));
          return;
        }
        mails.push(Buffer.concat(parts).toString('utf8'));
        readers.push(session.envelope.rcptTo.map(({ address }) => address));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    readers,
    close: () => server.close(),
  };
}
