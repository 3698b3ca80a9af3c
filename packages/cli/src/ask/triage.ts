import type { ROUTES, RouteRequest, RouteResult } from '@bulwark/api';
import { parseDuration, parsePeriod } from '@bulwark/core';
import { counted } from '@bulwark/formats';
import { UsageError } from '../exit.ts';
import type { TriageFlags } from '../flags.ts';
import type { HubConnection } from '../hub-client/connection.ts';
import { isFingerprint, queryOfFingerprints } from './fingerprints.ts';
import { countsText, minuteOf } from './words.ts';

/** What a query finds, before something is decided about all of it. */
export interface Selection {
  readonly q: string;
  readonly found: RouteResult<(typeof ROUTES)['previewSelection']>;
  /** `12 findings (2 critical, 10 high)`. */
  readonly text: string;
}

/**
 * Looks at what is to be decided about. The hub refuses the decision where that changes before it comes.
 *
 * @param words a query, or fingerprints.
 * @throws UsageError where nothing says what, or it finds nothing.
 */
export async function select(hub: HubConnection, words: readonly string[]): Promise<Selection> {
  const written = words.join(' ').trim();
  if (written === '') throw new UsageError('a query has to say which findings; severity:>=info are all');
  const named = written.split(/\s+/);
  const q = named.every(isFingerprint) ? await queryOfFingerprints(hub, named) : written;
  const found = await hub.call('previewSelection', { body: { q } });
  if (found.matches === 0) throw new UsageError('the query finds nothing');
  const of = countsText(found.counts);
  return { q, found, text: `${counted(found.matches, 'finding')}${of === '' ? '' : ` (${of})`}` };
}

type Change = Omit<
  RouteRequest<(typeof ROUTES)['triageSelection']>['body'],
  'q' | 'cluster' | 'matches' | 'digest'
>;

/** What is to be set, and in words what that makes of findings. */
export interface Triage {
  readonly change: Change;
  readonly what: string;
}

/**
 * What the flags of `bulwark triage` ask for.
 *
 * @throws UsageError where they ask for nothing, or for a moment that is none or is over.
 */
export function triageOf({ assign, acknowledge, deferUntil, comment }: TriageFlags, now: Date): Triage {
  const assignee = assign === 'nobody' ? null : assign;
  const deferredUntil = deferUntil === undefined ? undefined : momentAhead(deferUntil, now);
  const parts = [
    assignee !== undefined && `assigned to ${assignee ?? 'nobody'}`,
    acknowledge !== undefined && (acknowledge ? 'acknowledged' : 'no longer acknowledged'),
    deferredUntil !== undefined &&
      (deferredUntil === null ? 'no longer put off' : `put off until ${minuteOf(deferredUntil)}`),
    comment !== undefined && 'commented',
  ].filter((part) => part !== false);
  if (parts.length === 0)
    throw new UsageError(
      'what is to be done with them? --assign, --acknowledge, --defer-until and --comment say it',
    );
  return {
    change: {
      ...(assignee !== undefined && { assignee }),
      ...(acknowledge !== undefined && { acknowledged: acknowledge }),
      ...(deferredUntil !== undefined && { deferredUntil }),
      ...(comment !== undefined && { comment }),
    },
    what: inWords(parts),
  };
}

function inWords(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

/** A moment to come: the beginning of `2027-01-31`, or `14d`; null for `never`. */
function momentAhead(text: string, now: Date): string | null {
  if (text === 'never') return null;
  const ahead = parseDuration(text);
  const at = ahead === undefined ? parsePeriod(text)?.from : now.getTime() + ahead.milliseconds;
  if (at === undefined)
    throw new UsageError(`--defer-until takes a day such as 2027-01-31, 14d, or never, not "${text}"`);
  if (at <= now.getTime()) throw new UsageError(`--defer-until: ${text} is over`);
  return new Date(at).toISOString();
}
