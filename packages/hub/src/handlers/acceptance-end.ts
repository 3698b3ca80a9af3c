import type { StoredDecision } from '@bulwark/store';
import { iso } from './convert.ts';

/** What accepted a finding until some moment. Changes are as whoever asks knows them. */
export interface Ended<Change> {
  readonly accepted: StoredDecision;
  /** What was asked for from then on; null for nothing. */
  readonly requested: StoredDecision | null;
  readonly at: Date;
  /** Who ended it in the hub; null for nobody. */
  readonly revokedBy: string | null;
  /** What came with the version in which it was not accepted any more; null where that has no change of its own. */
  readonly change: Change | null;
}

/** How that ended: by somebody who decided so, of itself, by a change, or `unknown` where nothing that is kept did it. */
export type AcceptanceEnd<Change> =
  | { readonly how: 'ended'; readonly by: string }
  | { readonly how: 'taken back'; readonly from: string }
  | { readonly how: 'changed'; readonly change: Change }
  | { readonly how: 'ran out' | 'unknown' };

/** The one rule of how an acceptance ended, for time lines and messages. */
export function endOf<Change>({
  accepted,
  requested,
  at,
  revokedBy,
  change,
}: Ended<Change>): AcceptanceEnd<Change> {
  const { refusedBy, takenBackFrom } = requested ?? {};
  if (refusedBy !== undefined) return { how: 'ended', by: refusedBy };
  if (takenBackFrom !== undefined && accepted.approvedBy === takenBackFrom)
    return { how: 'taken back', from: takenBackFrom };
  if (accepted.until !== null && accepted.until < iso(at).slice(0, 10)) return { how: 'ran out' };
  if (revokedBy !== null) return { how: 'ended', by: revokedBy };
  return change === null ? { how: 'unknown' } : { how: 'changed', change };
}

/** Why an approval does not hold any more. */
export function whyTakenBack(approver: string): string {
  return `the approval of ${approver} was taken back, as the audit log of the cluster names them among those who asked for it`;
}
