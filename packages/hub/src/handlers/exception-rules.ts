import type { Control } from '@bulwark/core';
import type { Store } from '@bulwark/store';

/** What exceptions are decided by. */
export interface DecisionRules {
  readonly store: Store;
  readonly controls: ReadonlyMap<string, Control>;
  /** From which severity on a second person has to approve; undefined for never. */
  readonly approvalFrom: 'critical' | 'high' | 'medium' | undefined;
}

const RANKS = { medium: 2, high: 3, critical: 4 } as const;

/** Whether a second person has to approve an exception for findings of which the worst has a severity. */
export function needsApproval(worst: number, { approvalFrom }: Pick<DecisionRules, 'approvalFrom'>): boolean {
  return approvalFrom !== undefined && worst >= RANKS[approvalFrom];
}

/** The worst severity of some findings as a number; -1 for none. */
export function worstOf(findings: readonly { readonly severity: number }[]): number {
  return findings.reduce((worst, { severity }) => Math.max(worst, severity), -1);
}
