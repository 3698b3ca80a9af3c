import type { ClusterItem } from '@bulwark/api';
import type { View } from '../data/view.ts';

/** What of a cluster tells from when on something is known of it. */
type Known = Pick<ClusterItem, 'id' | 'name' | 'firstSeen'>;

/** The clusters that are looked at of which nothing was judged yet at a moment, the first to be judged first. */
export interface NotJudged<C extends Known = Known> {
  readonly clusters: readonly C[];
  /** Whether that is all of them, so that nothing at all is known of the moment. */
  readonly isAll: boolean;
}

/** Undefined where all that are looked at were judged by then. Without a chosen cluster all are looked at. */
export function notJudgedAt<C extends Known>(
  all: readonly C[],
  { asOf, cluster }: Pick<View, 'asOf' | 'cluster'>,
): NotJudged<C> | undefined {
  if (asOf === undefined) return undefined;
  const looked = all.filter(({ id }) => cluster === undefined || id === cluster);
  const later = looked.filter(({ firstSeen }) => Date.parse(firstSeen) > Date.parse(asOf));
  if (later.length === 0) return undefined;
  return {
    clusters: later.toSorted((a, b) => Date.parse(a.firstSeen) - Date.parse(b.firstSeen)),
    isAll: later.length === looked.length,
  };
}
