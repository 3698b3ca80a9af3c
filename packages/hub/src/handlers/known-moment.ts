import { AppError } from '@bulwark/core';
import { firstSeen, type Store } from '@bulwark/store';
import type { Handlers, RequestContext } from '../http/handler.ts';
import { scopeFor } from './convert.ts';

const DAY_MS = 86_400_000;
/** As much as the clock of a browser may be wrong, and as a moment is older once it is asked for. */
const OFF_MS = 5 * 60_000;

type AnyHandler = (input: Asked, context: RequestContext) => unknown;

interface Asked {
  readonly params?: { readonly cluster?: unknown } | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The moments that routes are asked with. As of those of the first kind everything is told. Those of the second only begin what is
 * told, which is whole where they are before the first judgement; the answers of comparisons say since when something is known.
 */
const MOMENTS = { asOf: 'told', to: 'told', from: 'begins', since: 'begins' } as const;

/**
 * The same handlers, which refuse moments of which nothing is known: an empty list would look as if nothing had been there.
 * Such are those before the first judgement of a cluster, those that are no longer kept, and those to come. What began before
 * the oldest that is kept is refused alike: a part would look like all of it.
 *
 * @throws AppError `no-snapshot`, or `bad-request` for the future.
 */
export function atKnownMoments(
  handlers: Handlers,
  { store, retentionDays }: { readonly store: Store; readonly retentionDays: number },
): Handlers {
  const guarded = Object.entries(handlers as unknown as Record<string, AnyHandler>).map(
    ([id, handler]): [string, AnyHandler] => [
      id,
      async (input, context) => {
        for (const [name, part] of Object.entries(MOMENTS)) {
          const moment = input.query?.[name];
          if (typeof moment === 'string')
            await mustBeKnown(new Date(moment), part, input, { ...context, store, retentionDays });
        }
        return handler(input, context);
      },
    ],
  );
  return Object.fromEntries(guarded) as unknown as Handlers;
}

async function mustBeKnown(
  moment: Date,
  part: (typeof MOMENTS)[keyof typeof MOMENTS],
  { params, query }: Asked,
  {
    store,
    retentionDays,
    caller,
    now,
  }: RequestContext & { readonly store: Store; readonly retentionDays: number },
): Promise<void> {
  if (moment.getTime() > now.getTime() + OFF_MS)
    throw new AppError('bad-request', { detail: 'That moment has not come yet.' });
  const cluster = query?.['cluster'] ?? params?.cluster;
  const { earliest: since } = await firstSeen(
    store,
    scopeFor(caller, typeof cluster === 'number' ? cluster : undefined),
  );
  if (since === null) return;
  const kept = now.getTime() - retentionDays * DAY_MS - OFF_MS;
  if (since.getTime() < kept) {
    if (moment.getTime() < kept)
      throw new AppError('no-snapshot', { detail: `The past is kept for ${retentionDays} days.` });
  } else if (part === 'told' && moment < since)
    throw new AppError('no-snapshot', {
      detail: `Nothing was judged yet: something is known from ${since.toISOString()} on.`,
    });
}
