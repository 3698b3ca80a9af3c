import type { ClusterItem } from '@bulwark/api';
import type { View } from '../data/view.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What says from when on something can be told. */
export interface Kept {
  readonly clusters: readonly Pick<ClusterItem, 'id' | 'firstSeen'>[];
  /** For how many days the hub keeps the past. */
  readonly retentionDays: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The oldest moment that can be looked at, RFC 3339: the first judgement of the clusters that are looked at, or what is kept
 * of the time since. Of the latter an hour is left out: what is looked at has to stay for a while. Undefined where there is no cluster.
 */
export function historyBegins(
  { clusters, retentionDays, now }: Kept,
  { cluster }: Pick<View, 'cluster'>,
): string | undefined {
  const looked = clusters.filter(({ id }) => cluster === undefined || id === cluster);
  if (looked.length === 0) return undefined;
  const judged = Math.min(...looked.map(({ firstSeen }) => Date.parse(firstSeen)));
  return new Date(Math.max(judged, now - retentionDays * DAY + HOUR)).toISOString();
}

/** The moment a while before another one, by the minute: what is asked for twice within one is answered once. */
function ago(length: number, end: number): string {
  return new Date(Math.floor((end - length) / MINUTE) * MINUTE).toISOString();
}

/**
 * Those of some lengths of time that the history has before a moment, each with where it begins.
 *
 * @param end milliseconds since 1970.
 * @param begins of the history; without it there is none.
 */
export function spansBack<Name extends string>(
  lengths: readonly (readonly [Name, number])[],
  end: number,
  begins: string | undefined,
): readonly { readonly name: Name; readonly from: string }[] {
  return lengths
    .map(([name, length]) => ({ name, from: ago(length, end) }))
    .filter(({ from }) => begins !== undefined && from >= begins);
}

/** A day before a moment, or the beginning of the history where that is later. */
export function dayBefore(end: number, begins: string | undefined): string {
  const from = ago(DAY, end);
  return begins !== undefined && from < begins && Date.parse(begins) < end ? begins : from;
}
