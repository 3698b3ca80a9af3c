import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as a server got it. */
export interface ReceivedMail {
  readonly to: readonly string[];
  /** As it came: header and body. */
  readonly text: string;
  readonly isSecure: boolean;
  readonly user: string | undefined;
}

/** A mail server that keeps what it takes; for tests. */
export interface MailServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  close(): void;
}

/** An answer of a mail server that takes nothing. */
export function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

/** What a server for tests does otherwise than take all. */
export interface MailBehaviour {
  /** Says of a mail that came whole why it is not taken. */
  readonly refuse?: (text: string) => Error | undefined;
  /** Whether it never answers a mail that came whole. */
  readonly isSilent?: boolean;
}

/** @param more how the server is: by default without TLS and without users. */
export async function startMailServer(
  more: SMTPServerOptions = {},
  { refuse, isSilent = false }: MailBehaviour = {},
): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 1,
    ...more,
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        const fault = refuse?.(text);
        if (fault === undefined)
          mails.push({
            to: session.envelope.rcptTo.map(({ address }) => address),
            text,
            isSecure: session.secure,
            user: session.user,
          });
        if (!isSilent) done(fault);
      });
    },
  });
  // A client that does not trust it hangs up, which is no fault of a test.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '0.0.0.0', () => resolve());
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    close: () => server.close(),
  };
}
