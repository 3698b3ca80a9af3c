import { connect, type Socket } from 'node:net';
import type { Channel } from './channel.ts';
import { ForbiddenDestination, isForbidden, lookUp } from './destination.ts';
import { type MailFault, outcomeOfFault, outcomeOfMail } from './mail-outcome.ts';
import { mailHtml, mailText, oneLine } from './mail-text.ts';
import { cut, type Message, type Outcome } from './message.ts';

type MailChannel = Extract<Channel, { readonly type: 'smtp' }>;

/** A line of a header has at most 998 bytes (RFC 5322 2.1.1), and a character up to four, encoded more. */
const MOST_SUBJECT = 150;
const CONNECT_MS = 15_000;
/**
 * How long a server may take for each answer. Many keep strangers waiting before they greet, and look for long at what they are
 * sent: who gives up on those too soon sends it again (RFC 5321 4.5.3.2).
 */
const ANSWER_MS = 60_000;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Sends a mail.
 *
 * @param signal breaks it off: what has not been sent whole by then is delivered to nobody.
 * @param authorities whom TLS trusts, as PEM; the usual ones where it is left out.
 */
export async function sendMail(
  channel: MailChannel,
  message: Message,
  { signal, authorities }: { readonly signal: AbortSignal; readonly authorities?: string },
): Promise<Outcome> {
  // Loaded when the first mail is sent: most hubs send none.
  const { createTransport } = await import('nodemailer');
  const { host, port, implicitTls, user, password, from, to } = channel;
  const transport = createTransport({
    host,
    port,
    secure: implicitTls,
    requireTLS: !implicitTls && !LOOPBACK.has(host),
    ignoreTLS: !implicitTls && LOOPBACK.has(host),
    greetingTimeout: ANSWER_MS,
    socketTimeout: ANSWER_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(authorities !== undefined && { tls: { ca: authorities } }),
    // In place of its own, which would resolve the name by itself.
    getSocket: (_options, done) => {
      connectTo({ host, port, signal }).then(
        (connection) => done(null, { connection }),
        (error: Error) => done(error, undefined),
      );
    },
    ...(user !== undefined && { auth: { user, pass: password?.reveal() ?? '' } }),
  });
  try {
    const sent = await transport.sendMail({
      from,
      to: [...to],
      subject: cut(oneLine(message.title), MOST_SUBJECT),
      text: mailText(message),
      html: mailHtml(message),
      // The same for every attempt: a server that took the first and lost its answer can tell the second.
      messageId: `<${message.id}@bulwark>`,
      headers: { 'auto-submitted': 'auto-generated' },
    });
    return outcomeOfMail(sent);
  } catch (error) {
    return error instanceof ForbiddenDestination
      ? { status: 'failed', answer: `not sent: ${error.message}` }
      : outcomeOfFault(error as MailFault);
  } finally {
    transport.close();
  }
}

const TIMED_OUT = Object.assign(new Error('the server does not answer'), { code: 'ETIMEDOUT' });

/** A connection that a signal ends, however far it is. Where the host is an address, nothing is looked up. */
function connectTo({
  host,
  port,
  signal,
}: {
  readonly host: string;
  readonly port: number;
  readonly signal: AbortSignal;
}): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (isForbidden(host)) throw new ForbiddenDestination();
    const socket = connect({ host, port, lookup: lookUp, signal });
    const late = setTimeout(() => socket.destroy(TIMED_OUT), CONNECT_MS);
    socket.once('close', () => clearTimeout(late));
    // Stays: the connection may break before anybody else listens.
    socket.on('error', reject);
    socket.once('connect', () => {
      clearTimeout(late);
      resolve(socket);
    });
  });
}
