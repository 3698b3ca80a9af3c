import { keptOwner, keptReason } from '@bulwark/core';
import type { FindingRow, StoredDecision } from '../write/rows.ts';

/** What accepts a finding, or is asked for it, as this version keeps it: an earlier one took less for a secret. */
export function keptDecision(decision: StoredDecision): StoredDecision {
  const { reason, owner } = decision;
  return { ...decision, reason: keptReason(reason), owner: owner === null ? null : keptOwner(owner) };
}

/** The same of what accepted it as its pods were made. */
export function keptAsMade({
  accepted,
}: NonNullable<FindingRow['asMade']>): NonNullable<FindingRow['asMade']> {
  return { accepted: accepted === null ? null : keptDecision(accepted) };
}
