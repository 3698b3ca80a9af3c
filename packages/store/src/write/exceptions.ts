import { AppError } from '@bulwark/core';
import { type ExceptionRecord, findException, OF_SAME_PERSON } from '../read/exceptions.ts';
import type { Store } from '../store.ts';
import { announceException } from './announce-decisions.ts';

/** What is known of an exception when it is made. */
export type NewException = Omit<
  ExceptionRecord,
  'id' | 'approvedBy' | 'revokedBy' | 'revokedBecause' | 'request' | 'isOwn'
>;

export async function createException(store: Store, exception: NewException): Promise<ExceptionRecord> {
  const { scope, reason, owner, until, state, createdBy, createdAt, query } = exception;
  const { rows } = await store.pool.query<{ id: number }>(
    'insert into exception (scope, reason, owner, until, state, created_by, created_at, query) values ($1, $2, $3, $4, $5, $6, $7, $8) returning id',
    [JSON.stringify(scope), reason, owner, until, state, createdBy, createdAt, query],
  );
  await announceException(store.pool, scope);
  const made = await findException(store, rows[0]?.id ?? 0);
  if (made === undefined) throw new Error('an exception was not made');
  return made;
}

/** Who decides: as who it is written down, and the person behind it, who made the token. */
export interface Approval {
  readonly by: string;
  readonly person: string;
  readonly at: Date;
}

/**
 * Approves a request, or an exception that needed no approval for what it covered when it was made. What an annotation asks
 * for can be approved after it was refused: nobody could ask for it again in the same words. The condition stands in the
 * statement, so that of two who approve at once one is told.
 *
 * @throws AppError `not-allowed` for the person who asked, `conflict` where it is approved or revoked.
 */
export async function approveException(
  store: Store,
  id: number,
  { by, person, at }: Approval,
): Promise<ExceptionRecord> {
  const { rowCount, rows } = await store.pool.query<Pick<ExceptionRecord, 'scope'>>(
    `update exception e set state = 'active', approved_by = $1, approved_at = $4, revoked_by = null, revoked_at = null,
       revoked_because = null
     where e.id = $3 and not ${OF_SAME_PERSON}
       and (e.state = 'requested' or e.state = 'active' and e.approved_by is null or e.state = 'revoked' and e.annotation is not null)
     returning scope`,
    [by, person, id, at],
  );
  for (const { scope } of rows) await announceException(store.pool, scope);
  const known = await findException(store, id, { by, person });
  if (known === undefined) throw new AppError('not-found');
  if (rowCount === 1) return known;
  if (known.isOwn) throw new AppError('not-allowed', { detail: 'A second person has to approve it.' });
  throw new AppError('conflict', { detail: `It is ${known.state}.` });
}

/** Who ends or refuses an exception, and why where they say so. */
export type Revocation = Pick<Approval, 'by' | 'at'> & { readonly because?: string | undefined };

/**
 * Ends an exception, or refuses what was asked for. Returns whether there was one that could be.
 *
 * @param states in which it may be; whatever is not ended yet where it is left out.
 */
export async function revokeException(
  { pool }: Store,
  id: number,
  { by, at, because, states = ['active', 'requested'] }: Revocation & { readonly states?: readonly string[] },
): Promise<boolean> {
  const { rows } = await pool.query<Pick<ExceptionRecord, 'scope'>>(
    `update exception set state = 'revoked', revoked_by = $2, revoked_at = $3, revoked_because = $4
     where id = $1 and state = any($5) returning scope`,
    [id, by, at, because ?? null, states],
  );
  for (const { scope } of rows) await announceException(pool, scope);
  return rows.length === 1;
}
