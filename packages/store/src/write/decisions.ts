import type { Store } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import { announceOf } from './announce-decisions.ts';

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

/** Sets parts of the triage of findings, and writes down who did; what is undefined stays. Answers to how many. */
export async function triage(
  { pool }: Store,
  findings: readonly FindingKey[],
  change: Triage & Author,
): Promise<number> {
  const { assignee, acknowledged, deferredUntil, author, at } = change;
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `with named as (
         select distinct cluster, fingerprint from json_to_recordset($1) as x(cluster int, fingerprint uuid)
       ), logged as (
         insert into triage_event (cluster_id, fingerprint, at, author, change)
         select cluster, fingerprint, $7, $8, $9 from named
       )
       insert into triage as g (cluster_id, fingerprint, assignee, acknowledged, deferred_until)
       select cluster, fingerprint, $2, coalesce($4, false), $5 from named
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
    await announceOf(client, 'triage', findings);
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
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      'insert into comment (cluster_id, fingerprint, author, at, text) values ($1, $2, $3, $4, $5) returning id',
      [cluster, fingerprint, comment.author, comment.at, comment.text],
    );
    await announceOf(client, 'triage', [{ cluster, fingerprint }]);
    return rows[0]?.id ?? 0;
  });
}

/** Adds the same comment to each of some findings. Answers to how many. */
export async function addComments(
  { pool }: Store,
  findings: readonly FindingKey[],
  { author, at, text }: Omit<CommentRecord, 'id'>,
): Promise<number> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `insert into comment (cluster_id, fingerprint, author, at, text)
       select distinct cluster, fingerprint, $2, $3::timestamptz, $4 from json_to_recordset($1) as x(cluster int, fingerprint uuid)`,
      [JSON.stringify(findings), author, at, text],
    );
    await announceOf(client, 'triage', findings);
    return rowCount ?? 0;
  });
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
