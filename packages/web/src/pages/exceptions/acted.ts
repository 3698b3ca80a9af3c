import type { ExceptionItem } from '@bulwark/api';

/** Who asks for it or made it, as far as that is known. */
export function askerOf({ createdBy, request }: Pick<ExceptionItem, 'createdBy' | 'request'>): string {
  if (createdBy !== null) return `by ${createdBy}`;
  return request === null ? 'by somebody unknown' : 'nobody knows who asked';
}

/** Whether it ended before it began: somebody did not want what was asked for. */
export function isRefused({
  state,
  approvedBy,
  request,
  revokedBecause,
}: Pick<ExceptionItem, 'state' | 'approvedBy' | 'request' | 'revokedBecause'>): boolean {
  return state === 'revoked' && approvedBy === null && (request !== null || revokedBecause !== null);
}

/** Who brought an exception to where it stands, and when. */
export interface LastAct {
  /** RFC 3339; null where it is not known. */
  readonly at: string | null;
  readonly by: string;
}

/** Of one that was ended or refused, by whom that was, and when; of any other, who asks for it or made it, and since when. */
export function lastActOf(item: ExceptionItem): LastAct {
  const { state, createdAt, revokedBy, revokedAt } = item;
  if (state !== 'revoked') return { at: createdAt, by: askerOf(item) };
  return { at: revokedAt, by: `by ${revokedBy ?? 'somebody unknown'}` };
}
