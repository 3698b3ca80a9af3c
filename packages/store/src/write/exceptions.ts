import { AppError } from '@bulwark/core';
import type { PoolClient } from 'pg';
import { ASKED, type ExceptionRecord, findException, IS_OWN } from '../read/exceptions.ts';
import { isSamePerson, NAMED_WITHIN_MS, NAMES, writersOf } from '../read/request-writers.ts';
import type { Store } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import { announceException } from './announce-decisions.ts';

/** What is known of an exception when it is made. */
export type NewException = Omit<
  ExceptionRecord,
  | 'id'
  | 'approvedBy'
  | 'takenBackFrom'
  | 'revokedBy'
  | 'revokedAt'
  | 'revokedBecause'
  | 'request'
  | 'isOwn'
  | 'unnamedAt'
>;

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Changes exceptions, and announces each that changed, in one transaction: whoever judges by them has to hear of it. */
function announced(
  { pool }: Store,
  ...statements: readonly Statement[]
): Promise<readonly Pick<ExceptionRecord, 'id' | 'scope'>[]> {
  return inTransaction(pool, async (client) => {
    const changed: Pick<ExceptionRecord, 'id' | 'scope'>[] = [];
    for (const { text, values } of statements) {
      const { rows } = await client.query<Pick<ExceptionRecord, 'id' | 'scope'>>(text, [...values]);
      changed.push(...rows);
    }
    for (const { scope } of changed) await announceException(client, scope);
    return changed;
  });
}

/** Makes exceptions, all of them or none. Returns them in their order. */
export async function createExceptions(
  store: Store,
  exceptions: readonly NewException[],
): Promise<readonly ExceptionRecord[]> {
  const created = await announced(
    store,
    ...exceptions.map(({ scope, reason, owner, until, state, createdBy, createdAt, query }) => ({
      text: `insert into exception (scope, reason, owner, until, state, created_by, created_at, query)
        values ($1, $2, $3, $4, $5, $6, $7, $8) returning id, scope`,
      values: [JSON.stringify(scope), reason, owner, until, state, createdBy, createdAt, query],
    })),
  );
  return Promise.all(
    created.map(async ({ id }) => {
      const made = await findException(store, id);
      if (made === undefined) throw new Error('an exception was not made');
      return made;
    }),
  );
}

export async function createException(store: Store, exception: NewException): Promise<ExceptionRecord> {
  const [made] = await createExceptions(store, [exception]);
  if (made === undefined) throw new Error('an exception was not made');
  return made;
}

/** Who decides: as who it is written down, and the person behind it, who made the token. */
export interface Approval {
  readonly by: string;
  readonly person: string;
  readonly at: Date;
  /** Whether they may approve what nobody knows who asked for. */
  readonly isAdministrator: boolean;
}

/**
 * Approves a request, or an exception that needed no approval for what it covered when it was made. What an annotation asks
 * for can be approved after it was refused: nobody could ask for it again in the same words. The conditions stand in the
 * statement, so that of two who approve at once one is told.
 *
 * @throws AppError `not-allowed` for whoever had a part in asking, and for whoever is no administrator where nobody knows who had;
 * `conflict` where it is approved or revoked, and where it may still become known who asked.
 */
export async function approveException(
  store: Store,
  id: number,
  { by, person, at, isAdministrator }: Approval,
): Promise<ExceptionRecord> {
  const unnamedSince = new Date(at.getTime() - NAMED_WITHIN_MS);
  const approved = await announced(store, {
    text: `update exception e set state = 'active', approved_by = $1, approved_person = $2, approved_at = $4, taken_back_from = null,
       revoked_by = null, revoked_at = null, revoked_because = null
     from (select e.id from ${ASKED} where e.id = $3 and not ${IS_OWN}
       and (w.unnamed_at is null or $5 and w.unnamed_at <= $6)) asked
     where e.id = asked.id
       and (e.state = 'requested' or e.state = 'active' and e.approved_by is null or e.state = 'revoked' and e.annotation is not null)
     returning e.id, e.scope`,
    values: [by, person, id, at, isAdministrator, unnamedSince],
  });
  const known = await findException(store, id, { by, person });
  if (known === undefined) throw new AppError('not-found');
  if (approved.length === 1) return known;
  if (known.isOwn) throw new AppError('not-allowed', { detail: 'A second person has to approve it.' });
  const unnamed = whyUnnamed(known, { at, isAdministrator });
  if (unnamed !== null) throw new AppError(unnamed.code, { detail: unnamed.why });
  throw new AppError('conflict', { detail: `It is ${known.state}.` });
}

/** Why somebody may not approve an exception of which nobody is known who asked for it; null where they may. */
export function whyUnnamed(
  { unnamedAt }: Pick<ExceptionRecord, 'unnamedAt'>,
  { at, isAdministrator }: Pick<Approval, 'at' | 'isAdministrator'>,
): {
  readonly code: 'conflict' | 'not-allowed';
  readonly why: string;
  /** From when on they may; null where time alone makes no difference. */
  readonly from: Date | null;
} | null {
  if (unnamedAt === null) return null;
  const until = new Date(unnamedAt.getTime() + NAMED_WITHIN_MS);
  if (until > at) {
    const may = isAdministrator ? 'it can be approved' : 'an administrator can approve it';
    const why = `Who asked for it is not known yet: if the audit log of the cluster does not tell before, ${may} from ${timeOf(until)} on.`;
    return { code: 'conflict', why, from: isAdministrator ? until : null };
  }
  if (isAdministrator) return null;
  const why = `Nobody knows who asked for it: the audit log of the cluster names nobody for the change of ${dayOf(unnamedAt)}, ${timeOf(unnamedAt)}. An administrator can approve it.`;
  return { code: 'not-allowed', why, from: null };
}

/** The day in UTC, `2026-11-26`. */
function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** To the second: `12:00:00 UTC`. */
function timeOf(date: Date): string {
  return `${date.toISOString().slice(11, 19)} UTC`;
}

/**
 * Takes back what was approved by somebody of whom it is known by now that they had asked for it: the audit log of the cluster may name
 * who made a change long after it. It is asked for again then, and a second person may approve it.
 *
 * @param changes of which it was told just now who made them. What is approved by none of these people stays.
 */
export async function takeBackApprovals(
  client: PoolClient,
  cluster: number,
  changes: readonly number[],
): Promise<void> {
  const { rows } = await client.query<Pick<ExceptionRecord, 'scope'>>(TAKE_BACK, [cluster, [...changes]]);
  for (const { scope } of rows) await announceException(client, scope);
}

const APPROVER = 'coalesce(e.approved_person, e.approved_by)';

const TAKE_BACK = `
with named as materialized (
  select distinct n.name from change c cross join lateral ${NAMES} n where c.cluster_id = $1 and c.id = any($2::bigint[])
), approved as materialized (
  select e.* from exception e
  where e.cluster_id = $1 and e.annotation is not null and e.state = 'active' and e.approved_by is not null
    and exists (select from named n where ${isSamePerson('n.name', APPROVER)})
), own as (
  select e.id from approved e cross join lateral ${writersOf(APPROVER)} w where w.is_writer
)
update exception e set state = 'requested', taken_back_from = approved_by, approved_by = null, approved_person = null, approved_at = null
from own where e.id = own.id
returning e.scope`;

/** Who ends or refuses an exception, and why where they say so. */
export type Revocation = Pick<Approval, 'by' | 'at'> & { readonly because?: string | undefined };

/**
 * Ends an exception, or refuses what was asked for. Returns whether there was one that could be.
 *
 * @param states in which it may be; whatever is not ended yet where it is left out.
 */
export async function revokeException(
  store: Store,
  id: number,
  { by, at, because, states = ['active', 'requested'] }: Revocation & { readonly states?: readonly string[] },
): Promise<boolean> {
  const revoked = await announced(store, {
    text: `update exception set state = 'revoked', revoked_by = $2, revoked_at = $3, revoked_because = $4
     where id = $1 and state = any($5) returning id, scope`,
    values: [id, by, at, because ?? null, states],
  });
  return revoked.length === 1;
}
