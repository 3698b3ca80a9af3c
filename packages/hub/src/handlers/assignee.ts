import { AppError } from '@bulwark/core';
import { findUser, listUsers, type Store } from '@bulwark/store';
import type { Caller } from '../access/caller.ts';

const MOST_NAMED = 10;

/**
 * Refuses to assign to a name of nobody: they would never learn of it.
 *
 * @throws AppError `bad-request` with the names that there are.
 */
export async function mustBeSomebody(
  store: Store,
  assignee: string | null | undefined,
  { person }: Caller,
): Promise<void> {
  if (assignee === undefined || assignee === null || assignee === person) return;
  if ((await findUser(store, assignee)) !== undefined) return;
  const names = (await listUsers(store)).map(({ name }) => name);
  const rest = names.length - MOST_NAMED;
  const known = `${names.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  throw new AppError('bad-request', {
    detail: `Nobody of the name ${JSON.stringify(assignee)} can sign in${known === '' ? '' : `; users are ${known}`}.`,
    errors: [{ path: 'assignee', message: 'is the name of nobody' }],
  });
}
