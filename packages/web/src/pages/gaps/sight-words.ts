import type { ClusterItem } from '@bulwark/api';
import { amount } from '../../parts/amount.ts';

type Standing = Pick<ClusterItem, 'state' | 'reason' | 'lastSeen' | 'seen' | 'objects'>;

/**
 * How a cluster stands and how much of it is seen, in a sentence or two. Of one that does not answer nothing is seen, however
 * much of it was: what is known of it is of the moment at which it was last seen.
 *
 * @param at writes a moment.
 */
export function sightWords(
  { state, reason, lastSeen, seen, objects }: Standing,
  at: (moment: string) => string,
): string {
  return `${state}${reason === null ? '' : `: ${reason.replace(/\.$/, '')}`}. ${sight()}`;

  function sight(): string {
    if (state === 'stale' || state === 'gone')
      return lastSeen === null
        ? 'It was never seen.'
        : `Nothing is seen now; ${amount(objects, 'object')} as of ${at(lastSeen)}.`;
    if (seen === null) return 'Nothing was seen.';
    const { percent, kindsSeen, kinds, lost } = seen;
    return `${percent.toFixed(1)} % seen: ${kindsSeen} of ${kinds} kinds, ${amount(objects, 'object')}, ${amount(lost, 'gap')}.`;
  }
}
