import { AppError } from '@bulwark/core';
import { firstSeen, type Store } from '@bulwark/store';
import type { Handlers, RequestContext } from '../http/handler.ts';
import { scopeFor } from './convert.ts';

const DAY_MS = 86_400_000;
/** As much as the clock of a browser may be ahead. */
const AHEAD_MS = 5 * 60_000;

type AnyHandler = (input: Asked, context: RequestContext) => unknown;

interface Asked {
  readonly params?: { readonly cluster?: unknown } | undefined;
  readonly query?: { readonly asOf?: unknown; readonly cluster?: unknown } | undefined;
}

/**
 * The same handlers, which refuse moments of which nothing is known: an empty list would look as if nothing had been there.
 * Such are those before the first judgement of a cluster, those that are no longer kept, and those to come.
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
        const asOf = input.query?.asOf;
        if (typeof asOf === 'string')
          await mustBeKnown(new Date(asOf), input, { ...context, store, retentionDays });
        return handler(input, context);
      },
    ],
  );
  return Object.fromEntries(guarded) as unknown as Handlers;
}

/** @throws AppError `bad-request` for a moment to come; the clock of a browser may be a little ahead. */
export function mustHaveCome(moment: Date, now: Date): void {
  if (moment.getTime() > now.getTime() + AHEAD_MS)
    throw new AppError('bad-request', { detail: 'That moment has not come yet.' });
}

async function mustBeKnown(
  moment: Date,
  { params, query }: Asked,
  {
    store,
    retentionDays,
    caller,
    now,
  }: RequestContext & { readonly store: Store; readonly retentionDays: number },
): Promise<void> {
  mustHaveCome(moment, now);
  const cluster = query?.cluster ?? params?.cluster;
  const { earliest: since } = await firstSeen(
    store,
    scopeFor(caller, typeof cluster === 'number' ? cluster : undefined),
  );
  if (since === null) return;
  const kept = now.getTime() - retentionDays * DAY_MS;
  if (moment.getTime() < Math.max(since.getTime(), kept))
    throw new AppError('no-snapshot', {
      detail:
        since.getTime() < kept
          ? `The past is kept for ${retentionDays} days.`
          : `Nothing was judged yet: something is known from ${since.toISOString()} on.`,
    });
}
