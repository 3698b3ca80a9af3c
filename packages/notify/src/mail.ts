import { connect, type Socket } from 'node:net';
import type { Channel } from './channel.ts';
import { ForbiddenDestination, isForbidden, lookUp } from './destination.ts';
import { mailHtml, mailText, oneLine } from './mail-text.ts';
import type { Message, Outcome } from './message.ts';

type MailChannel = Extract<Channel, { readonly type: 'smtp' }>;

const TIME_OUT_MS = 15_000;
const MOST_ANSWER = 500;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Sends a mail. Answers of the server from 500 on are final, everything else is tried again (RFC 5321 4.2.1). */
export async function sendMail(channel: MailChannel, message: Message): Promise<Outcome> {
  // Loaded when the first mail is sent: most hubs send none.
  const { createTransport } = await import('nodemailer');
  const { host, port, implicitTls, user, password, from, to } = channel;
  const transport = createTransport({
    host,
    port,
    secure: implicitTls,
    requireTLS: !implicitTls && !LOOPBACK.has(host),
    ignoreTLS: !implicitTls && LOOPBACK.has(host),
    connectionTimeout: TIME_OUT_MS,
    greetingTimeout: TIME_OUT_MS,
    socketTimeout: TIME_OUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    // In place of its own, which would resolve the name by itself.
    getSocket: (_options, done) => {
      connectTo(host, port).then(
        (connection) => done(null, { connection }),
        (error: Error) => done(error, undefined),
      );
    },
    ...(user !== undefined && { auth: { user, pass: password?.reveal() ?? '' } }),
  });
  try {
    const { response } = await transport.sendMail({
      from,
      to: [...to],
      subject: oneLine(message.title),
      text: mailText(message),
      html: mailHtml(message),
      // The same for every attempt: a server that took the first and lost its answer can tell the second.
      messageId: `<${message.id}@bulwark>`,
      headers: { 'auto-submitted': 'auto-generated' },
    });
    return { status: 'sent', answer: oneLine(response).slice(0, MOST_ANSWER) };
  } catch (error) {
    return outcomeOf(error);
  } finally {
    transport.close();
  }
}

const TIMED_OUT = Object.assign(new Error('the server does not answer'), { code: 'ETIMEDOUT' });

/** Where the host is an address, nothing is looked up. */
function connectTo(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (isForbidden(host)) throw new ForbiddenDestination();
    const socket = connect({ host, port, lookup: lookUp });
    const late = setTimeout(() => socket.destroy(TIMED_OUT), TIME_OUT_MS);
    socket.once('close', () => clearTimeout(late));
    // Stays: the connection may break before anybody else listens.
    socket.on('error', reject);
    socket.once('connect', () => {
      clearTimeout(late);
      resolve(socket);
    });
  });
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof ForbiddenDestination)
    return { status: 'failed', answer: `not sent: ${error.message}` };
  const { responseCode, response, code } = error as {
    responseCode?: number;
    response?: string;
    code?: string;
  };
  const answer = oneLine(response ?? `no answer: ${code ?? 'unknown'}`).slice(0, MOST_ANSWER);
  const isFinal = (responseCode !== undefined && responseCode >= 500) || code === 'EENVELOPE';
  return { status: isFinal ? 'failed' : 'retry', answer };
}
