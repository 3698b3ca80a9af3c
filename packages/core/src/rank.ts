/** One line of a rank, in whole points. */
export interface RankLine {
  readonly label: string;
  readonly points: number;
}

/** How important a root cause is, why, and what would have to be known to say more. */
export interface Rank {
  readonly points: number;
  /** They add up to the points. */
  readonly lines: readonly RankLine[];
  /** Why the place where it is makes it more urgent than elsewhere, as a sentence; undefined where it does not. */
  readonly why: string | undefined;
  /** What nothing says, in sentences; it counts in neither direction. */
  readonly unknown: readonly string[];
}
