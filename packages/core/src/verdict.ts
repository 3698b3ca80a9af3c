import type { Violation } from './control.ts';

/** What a control says of a subject. Error and not-checked never count as pass. */
export const VERDICTS = ['pass', 'fail', 'manual', 'not-applicable', 'not-checked', 'error'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A control's verdict on one resource, with a reason when it is neither pass nor fail. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly reason?: string;
  readonly violations: readonly Violation[];
}

const NO_VIOLATIONS: readonly Violation[] = [];

/** The one outcome of every pass: most outcomes are passes, so they share it. */
export const PASS: Outcome = { verdict: 'pass', violations: NO_VIOLATIONS };

/** An outcome without violations that is not a pass. */
export function withoutVerdict(
  verdict: 'manual' | 'not-applicable' | 'not-checked' | 'error',
  reason: string,
): Outcome {
  return { verdict, reason, violations: NO_VIOLATIONS };
}
