import type { Failures } from '@bulwark/store';

const FREE_TRIES = 5;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15 * 60 * 1000;

/** How long a name is locked after so many wrong tries in a row, in milliseconds: doubled with each, 15 minutes at most. */
export function lockedFor(failures: number): number {
  if (failures < FREE_TRIES) return 0;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(30, failures - FREE_TRIES));
}

/** Whether the wrong tries so far lock a name at a moment. */
export function isLockedAt(now: Date, { failures, failedAt }: Failures): boolean {
  return failedAt !== null && now.getTime() < failedAt.getTime() + lockedFor(failures);
}
