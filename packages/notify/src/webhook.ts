import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Channel } from './channel.ts';
import { post, triedAgain } from './http-post.ts';
import type { Attempt, Message, Outcome } from './message.ts';

const SECOND_MS = 1000;

/** The signature of a body: HMAC-SHA256 over `seconds.body`, so that neither can be changed nor an old one sent again. */
export function signature(key: string, seconds: number, body: string): string {
  const mac = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${mac}`;
}

/**
 * Whether a signature is of this body and key and at most `toleranceSeconds` old: what a receiver does with the header
 * `X-Bulwark-Signature`.
 */
export function isSigned(
  header: string,
  key: string,
  body: string,
  { now, toleranceSeconds = 300 }: { readonly now: Date; readonly toleranceSeconds?: number },
): boolean {
  const seconds = Number(/^t=(\d+),v1=[0-9a-f]{64}$/.exec(header)?.[1]);
  if (!(Math.abs(now.getTime() / SECOND_MS - seconds) <= toleranceSeconds)) return false;
  const wanted = Buffer.from(signature(key, seconds, body));
  const given = Buffer.from(header);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

/** Sends a message as JSON, signed. */
export async function sendWebhook(
  { url, signingKey }: Extract<Channel, { readonly type: 'webhook' }>,
  message: Message,
  attempt: Attempt,
): Promise<Outcome> {
  const body = JSON.stringify({ schema: 'bulwark.notification/v1', ...message });
  const seconds = Math.floor(attempt.now.getTime() / SECOND_MS);
  const headers = {
    'x-bulwark-delivery': message.id,
    'x-bulwark-signature': signature(signingKey.reveal(), seconds, body),
  };
  return triedAgain(await post(url.reveal(), { body, headers }, attempt));
}
