import { AppError } from '@bulwark/core';
import { findUser, type Store } from '@bulwark/store';
import type { Caller } from '../access/caller.ts';

/**
 * Refuses to assign to a name of nobody: they would never learn of it. Who there is is not told: that is for administrators.
 *
 * @throws AppError `bad-request`
 */
export async function mustBeSomebody(
  store: Store,
  assignee: string | null | undefined,
  { person }: Caller,
): Promise<void> {
  if (assignee === undefined || assignee === null || assignee === person) return;
  if ((await findUser(store, assignee)) !== undefined) return;
  throw new AppError('bad-request', {
    detail: `Nobody of the name ${JSON.stringify(assignee)} can sign in.`,
    errors: [{ path: 'assignee', message: 'is the name of nobody' }],
  });
}
