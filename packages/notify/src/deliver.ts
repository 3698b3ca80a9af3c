import type { Channel } from './channel.ts';
import { sendMail } from './mail.ts';
import type { Message, Outcome } from './message.ts';
import { sendSlack } from './slack.ts';
import { sendWebhook } from './webhook.ts';

/** Tries once to deliver a message. Never throws: whatever happens is an outcome. */
export async function deliver(channel: Channel, message: Message, now: Date): Promise<Outcome> {
  switch (channel.type) {
    case 'webhook':
      return sendWebhook(channel.url.reveal(), channel.signingKey.reveal(), message, now);
    case 'slack':
      return sendSlack(channel.url.reveal(), message, channel.channel);
    case 'smtp':
      return sendMail(channel, message);
  }
}

const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 6 * 60 * 60 * 1000;
/** Attempts before a delivery is given up: about two days with the waits below. */
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
