import type { StoredDecision } from '@bulwark/store';
import { iso } from './convert.ts';

/** What accepted a finding until some moment. */
export interface Ended {
  readonly accepted: StoredDecision;
  /** What was asked for from then on; null for nothing. */
  readonly requested: StoredDecision | null;
  readonly at: Date;
  /** Who ended it in the hub; null for nobody. */
  readonly revokedBy: string | null;
}

/** How that ended: by somebody who decided so, of itself, or `unknown` where a change or nothing that is kept did it. */
export type AcceptanceEnd =
  | { readonly how: 'ended'; readonly by: string }
  | { readonly how: 'taken back'; readonly from: string }
  | { readonly how: 'ran out' | 'unknown' };

export function endOf({ accepted, requested, at, revokedBy }: Ended): AcceptanceEnd {
  const { refusedBy, takenBackFrom } = requested ?? {};
  if (refusedBy !== undefined) return { how: 'ended', by: refusedBy };
  if (takenBackFrom !== undefined && accepted.approvedBy === takenBackFrom)
    return { how: 'taken back', from: takenBackFrom };
  if (accepted.until !== null && accepted.until < iso(at).slice(0, 10)) return { how: 'ran out' };
  return revokedBy === null ? { how: 'unknown' } : { how: 'ended', by: revokedBy };
}

/** Why an approval does not hold any more. */
export function whyTakenBack(approver: string): string {
  return `the approval of ${approver} was taken back, as the audit log of the cluster names them among those who asked for it`;
}
