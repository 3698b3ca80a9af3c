import type { ClusterItem } from '@bulwark/api';
import { amount } from '../parts/amount.ts';

/** How much is seen, in a few words, and whether that is all that there is to see. */
export interface HowMuchSeen {
  readonly words: string;
  readonly isGood: boolean;
}

type Standing = Pick<ClusterItem, 'name' | 'state' | 'reason' | 'isDemo' | 'lastSeen' | 'seen'>;

/**
 * How much is seen of the clusters that are looked at; never better than it is.
 *
 * @param ago says how long ago a moment was.
 */
export function howMuchSeen(clusters: readonly Standing[], ago: (moment: string) => string): HowMuchSeen {
  const stale = clusters.find(({ state }) => state === 'stale' || state === 'gone');
  if (stale !== undefined) {
    const when = stale.lastSeen === null ? 'never' : ago(stale.lastSeen);
    return { words: `stale: ${stale.name} last seen ${when}`, isGood: false };
  }
  if (clusters.some(({ state }) => state === 'syncing'))
    return { words: 'first look under way', isGood: false };
  // The history of a demonstration comes day by day, and the beginning of it is not all.
  const loading = clusters.find(({ isDemo, reason }) => isDemo && reason !== null);
  if (loading?.reason != null) return { words: loading.reason, isGood: false };
  const percents = clusters.flatMap(({ seen }) => (seen === null ? [] : [seen.percent]));
  if (percents.length === clusters.length && percents.length > 0) {
    const least = Math.min(...percents);
    // The percentage is of the kinds that are known; what an API of another server has is in none of them.
    const lost = clusters.reduce((sum, { seen }) => sum + (seen?.lost ?? 0), 0);
    return {
      words: `${least.toFixed(1)} % seen${lost === 0 ? '' : `, ${amount(lost, 'gap')}`}`,
      isGood: least === 100 && lost === 0 && clusters.every(({ state }) => state === 'live'),
    };
  }
  return { words: nothingSeen(clusters), isGood: false };
}

function nothingSeen(clusters: readonly Standing[]): string {
  const unseen = clusters.filter(({ seen }) => seen === null);
  const [first] = unseen;
  if (first === undefined || !clusters.some(({ state }) => state === 'live')) return 'nothing seen yet';
  if (unseen.length === clusters.length) return 'nothing was seen';
  return unseen.length === 1
    ? `nothing was seen of ${first.name}`
    : `nothing was seen of ${unseen.length} of ${clusters.length} clusters`;
}
