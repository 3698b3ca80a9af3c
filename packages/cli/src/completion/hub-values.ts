import { HubClient, type ROUTES, type RouteRequest } from '@bulwark/api';
import { proxyFromEnvironment } from '@bulwark/kube';
import { hubAddress } from '../hub-client/address.ts';
import { sendTo } from '../hub-client/send.ts';
import type { Io } from '../io.ts';
import type { Candidate } from './candidates.ts';

/** Whoever presses a key waits no longer. */
const WITHIN_MS = 1500;

/** Lists whose values a hub completes. */
export type CompletedList = NonNullable<RouteRequest<(typeof ROUTES)['complete']>['query']>['list'];

/**
 * What a hub knows that could stand in place of the last word of a query.
 *
 * @returns whole words; undefined where no variable names a hub, or it does not answer at once.
 */
export async function hubValues(
  { list, word }: { readonly list: CompletedList; readonly word: string },
  io: Io,
): Promise<readonly Candidate[] | undefined> {
  try {
    const { url, token, ca } = hubAddress({}, io);
    const proxy = proxyFromEnvironment(new URL(url), io.env);
    const send = sendTo({
      url,
      proxy,
      signal: AbortSignal.timeout(WITHIN_MS),
      ...(ca !== undefined && { ca }),
    });
    const client = new HubClient(send, url, () => ({ authorization: `Bearer ${token.reveal()}` }));
    const { from, items } = await client.call('complete', { query: { list, q: word } });
    return items.map(({ text, detail }) => ({ value: word.slice(0, from) + text, about: detail }));
  } catch {
    // Nobody reads a fault of a hub while a word is being completed; the command itself says it.
    return undefined;
  }
}
