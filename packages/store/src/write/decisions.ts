import { AppError } from '@bulwark/core';
import type { Store } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import { announce } from './announce.ts';

export interface Triage {
  readonly assignee?: string | null | undefined;
  readonly acknowledged?: boolean | undefined;
  readonly deferredUntil?: Date | null | undefined;
}

export interface FindingKey {
  readonly cluster: number;
  readonly fingerprint: string;
}

/** Who decides, and when. */
export interface Author {
  readonly author: string;
  readonly at: Date;
}

/** What was decided about a finding. */
export interface TriageEvent extends Author {
  readonly id: number;
  /** The parts that were set; a moment as text. */
  readonly change: {
    readonly assignee?: string | null;
    readonly acknowledged?: boolean;
    readonly deferredUntil?: string | null;
  };
}

/** Sets parts of the triage of findings, and writes down who did; what is undefined stays. */
export async function triage(
  { pool }: Store,
  findings: readonly FindingKey[],
  change: Triage & Author,
): Promise<number> {
  const { assignee, acknowledged, deferredUntil, author, at } = change;
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `with logged as (
         insert into triage_event (cluster_id, fingerprint, at, author, change)
         select cluster, fingerprint, $7, $8, $9 from json_to_recordset($1) as x(cluster int, fingerprint uuid)
       )
       insert into triage as g (cluster_id, fingerprint, assignee, acknowledged, deferred_until)
       select cluster, fingerprint, $2, coalesce($4, false), $5 from json_to_recordset($1) as x(cluster int, fingerprint uuid)
       on conflict (cluster_id, fingerprint) do update set
         assignee = case when $3 then $2 else g.assignee end,
         acknowledged = coalesce($4, g.acknowledged),
         deferred_until = case when $6 then $5 else g.deferred_until end`,
      [
        JSON.stringify(findings),
        assignee ?? null,
        assignee !== undefined,
        acknowledged ?? null,
        deferredUntil ?? null,
        deferredUntil !== undefined,
        at,
        author,
        JSON.stringify({ assignee, acknowledged, deferredUntil }),
      ],
    );
    await announce(client, { cluster: null, topics: ['triage'] });
    return rowCount ?? 0;
  });
}

/** What was decided about a finding, oldest first. */
export async function triageEvents(
  { pool }: Store,
  { cluster, fingerprint }: FindingKey,
): Promise<readonly TriageEvent[]> {
  const { rows } = await pool.query<TriageEvent>(
    'select id, author, at, change from triage_event where cluster_id = $1 and fingerprint = $2 order by at, id',
    [cluster, fingerprint],
  );
  return rows;
}

export interface CommentRecord {
  readonly id: number;
  readonly author: string;
  readonly at: Date;
  readonly text: string;
}

export async function addComment(
  { pool }: Store,
  { cluster, fingerprint }: FindingKey,
  comment: Omit<CommentRecord, 'id'>,
): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    'insert into comment (cluster_id, fingerprint, author, at, text) values ($1, $2, $3, $4, $5) returning id',
    [cluster, fingerprint, comment.author, comment.at, comment.text],
  );
  await announce(pool, { cluster: null, topics: ['triage'] });
  return rows[0]?.id ?? 0;
}

/** Adds the same comment to each of some findings. Answers to how many. */
export async function addComments(
  { pool }: Store,
  findings: readonly FindingKey[],
  { author, at, text }: Omit<CommentRecord, 'id'>,
): Promise<number> {
  const { rowCount } = await pool.query(
    `insert into comment (cluster_id, fingerprint, author, at, text)
     select cluster, fingerprint, $2, $3, $4 from json_to_recordset($1) as x(cluster int, fingerprint uuid)`,
    [JSON.stringify(findings), author, at, text],
  );
  await announce(pool, { cluster: null, topics: ['triage'] });
  return rowCount ?? 0;
}

export async function commentsOf(
  { pool }: Store,
  { cluster, fingerprint }: FindingKey,
): Promise<readonly CommentRecord[]> {
  const { rows } = await pool.query<CommentRecord>(
    'select id, author, at, text from comment where cluster_id = $1 and fingerprint = $2 order by at, id',
    [cluster, fingerprint],
  );
  return rows;
}

export interface ExceptionRecord {
  readonly id: number;
  readonly scope: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly owner: string | null;
  readonly until: string | null;
  readonly state: 'active' | 'requested' | 'revoked';
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly approvedBy: string | null;
  /** The query whose findings it was made for; null where its scope says it all. */
  readonly query: string | null;
}

const EXCEPTION = `id, scope, reason, owner, to_char(until, 'YYYY-MM-DD') as until, state, created_by as "createdBy", created_at as "createdAt", approved_by as "approvedBy", query`;

export async function listExceptions({ pool }: Store): Promise<readonly ExceptionRecord[]> {
  return (await pool.query<ExceptionRecord>(`select ${EXCEPTION} from exception order by id desc`)).rows;
}

export async function createException(
  { pool }: Store,
  exception: Omit<ExceptionRecord, 'id' | 'approvedBy'>,
): Promise<ExceptionRecord> {
  const { scope, reason, owner, until, state, createdBy, createdAt, query } = exception;
  const { rows } = await pool.query<ExceptionRecord>(
    `insert into exception (scope, reason, owner, until, state, created_by, created_at, query) values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${EXCEPTION}`,
    [JSON.stringify(scope), reason, owner, until, state, createdBy, createdAt, query],
  );
  await announce(pool, { cluster: null, topics: ['exceptions'] });
  const [made] = rows;
  if (made === undefined) throw new Error('an exception was not made');
  return made;
}

/** Who approves: as who it is written down, and the person behind it, who made the token. */
export interface Approval {
  readonly by: string;
  readonly person: string;
  readonly at: Date;
}

/** Whether an exception was asked for by whoever approves ($2), by the person behind ($4), or by a token of theirs. */
const OF_SAME_PERSON = `(created_by in ($2, $4)
  or exists (select from token t where 'token ' || t.name = created_by and t.owner in ($2, $4)))`;

/**
 * Approves a request, or an exception that needed no approval for what it covered when it was made. The condition stands in the statement, so that of two who approve at once one is told.
 *
 * @throws AppError `not-allowed` for the person who asked, `conflict` where it is approved or revoked.
 */
export async function approveException(
  { pool }: Store,
  id: number,
  { by, person, at }: Approval,
): Promise<ExceptionRecord> {
  const { rows } = await pool.query<ExceptionRecord>(
    `update exception set state = 'active', approved_by = $2, approved_at = $3
     where id = $1 and approved_by is null and state in ('requested', 'active') and not ${OF_SAME_PERSON} returning ${EXCEPTION}`,
    [id, by, at, person],
  );
  const [approved] = rows;
  if (approved !== undefined) {
    await announce(pool, { cluster: null, topics: ['exceptions'] });
    return approved;
  }
  const { rows: known } = await pool.query<ExceptionRecord & { readonly isOwn: boolean }>(
    `select ${EXCEPTION}, ${OF_SAME_PERSON} as "isOwn" from exception where id = $1 and $3::timestamptz is not null`,
    [id, by, at, person],
  );
  if (known[0] === undefined) throw new AppError('not-found');
  if (known[0].isOwn) throw new AppError('not-allowed', { detail: 'A second person has to approve it.' });
  throw new AppError('conflict', { detail: `It is ${known[0].state}.` });
}

export async function revokeException({ pool }: Store, id: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update exception set state = 'revoked' where id = $1 and state <> 'revoked'`,
    [id],
  );
  await announce(pool, { cluster: null, topics: ['exceptions'] });
  return rowCount === 1;
}
