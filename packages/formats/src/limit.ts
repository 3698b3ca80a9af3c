import type { ReportOptions } from './report-format.ts';

/** A limit on what one report lists. */
export interface Limit {
  /** How many are listed when not all are asked for. */
  readonly most: number;
  /** What they are called in the format. */
  readonly what: string;
  /** Why there is a limit, as the end of a sentence. */
  readonly why: string;
}

/** What a limit leaves out of so many, in a sentence; undefined when it leaves nothing out. */
export function cutBy(
  { most, what, why }: Limit,
  count: number,
  { showAll }: ReportOptions,
): string | undefined {
  if (showAll || count <= most) return undefined;
  return `Only the worst ${most} of ${count} ${what} are in it, ${why}; --all writes them all.`;
}

/** The items within a limit, the first ones. */
export function within<T>({ most }: Limit, items: readonly T[], { showAll }: ReportOptions): readonly T[] {
  return showAll || items.length <= most ? items : items.slice(0, most);
}
