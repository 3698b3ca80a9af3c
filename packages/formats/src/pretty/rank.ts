import type { FindingGroup, Rank } from '@bulwark/core';

/** The points of a root cause as a word: `86 points`; empty where it was not ranked. */
export function pointsOf({ rank }: FindingGroup): string {
  return rank === undefined ? '' : `${rank.points} ${rank.points === 1 ? 'point' : 'points'}`;
}

/** Why the place where it is makes a root cause more urgent than elsewhere; empty where it does not. */
export function whyOf({ rank }: FindingGroup): string {
  return rank?.why ?? '';
}

/** What the points are made of, line by line: `+35 high control`. */
export function linesOf({ lines }: Rank): readonly string[] {
  return lines.map(({ label, points }) => `${points > 0 ? '+' : ''}${points} ${label}`);
}
