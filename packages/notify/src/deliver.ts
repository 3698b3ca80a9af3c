import type { Channel } from './channel.ts';
import { sendMail } from './mail.ts';
import type { Attempt, Message, Outcome } from './message.ts';
import { sendSlack } from './slack.ts';
import { sendWebhook } from './webhook.ts';

const SECOND_MS = 1000;
/** How long an attempt may take, however slowly the other side goes on. A mail server may look for long at what it is sent. */
const LONGEST_MS = { webhook: 20 * SECOND_MS, slack: 20 * SECOND_MS, smtp: 150 * SECOND_MS } as const;

/** What became of an attempt that was broken off by its signal: whether the message was taken is not known. */
const BROKEN_OFF = { status: 'broken-off', answer: 'No answer came before the hub stopped.' } as const;

/** Tries once to deliver a message. Never throws: whatever happens is an outcome. */
export async function deliver(
  channel: Channel,
  message: Message,
  { now, signal, longestMs = LONGEST_MS[channel.type] }: Attempt,
): Promise<Outcome> {
  if (signal.aborted) return BROKEN_OFF;
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const late = setTimeout(end, longestMs);
  signal.addEventListener('abort', end, { once: true });
  try {
    const outcome = await send(channel, message, { now, signal: ending.signal });
    if (outcome.status !== 'retry' || !ending.signal.aborted) return outcome;
    return signal.aborted
      ? BROKEN_OFF
      : { status: 'retry', answer: `no answer within ${longestMs / SECOND_MS} s`, mayHaveCome: true };
  } catch (error) {
    // A fault of ours, such as in how the message is written for the channel: nothing was sent.
    return { status: 'retry', answer: `not sent: ${error instanceof Error ? error.name : 'unknown'}` };
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', end);
  }
}

function send(channel: Channel, message: Message, attempt: Attempt): Promise<Outcome> {
  switch (channel.type) {
    case 'webhook':
      return sendWebhook(channel, message, attempt);
    case 'slack':
      return sendSlack(channel, message, attempt);
    case 'smtp':
      return sendMail(channel, message, attempt);
  }
}

const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 6 * 60 * 60 * 1000;
/** Failed attempts before a delivery is given up: about two days with the waits below. */
export const MOST_ATTEMPTS = 20;

/**
 * How long to wait before the next attempt, in milliseconds: doubled from 15 s to 6 h, and spread over the upper half, so
 * that what failed together does not come back together.
 *
 * @param attempts how many have failed, from 1.
 * @param random from 0 to 1.
 */
export function waitAfter(attempts: number, random: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(30, attempts - 1));
  return Math.round(longest / 2 + (longest / 2) * random);
}
