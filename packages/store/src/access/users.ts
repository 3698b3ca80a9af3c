import { AppError } from '@bulwark/core';
import type { Pool, QueryResult, QueryResultRow } from 'pg';
import { byBothClocks } from '../both-clocks.ts';
import type { Store } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import { CHANNEL, SETTINGS_CHANGED } from '../write/announce.ts';
import { mustDiffer } from './names.ts';

export interface Limits {
  readonly clusters: 'all' | readonly number[];
  /** Names, and patterns with * for any characters. */
  readonly namespaces: 'all' | readonly string[];
}

export interface UserRecord {
  readonly id: number;
  readonly name: string;
  readonly password: string | null;
  readonly role: string;
  readonly limits: Limits;
  readonly failures: number;
  readonly failedAt: Date | null;
  readonly lastSeen: Date | null;
  readonly createdAt: Date;
}

const USER =
  'id, name, password, role, limits, failures, failed_at as "failedAt", last_seen as "lastSeen", created_at as "createdAt"';

export async function listUsers({ pool }: Store): Promise<readonly UserRecord[]> {
  return (await pool.query<UserRecord>(`select ${USER} from app_user order by name`)).rows;
}

export async function findUser({ pool }: Store, name: string): Promise<UserRecord | undefined> {
  return (await pool.query<UserRecord>(`select ${USER} from app_user where name = $1`, [name])).rows[0];
}

/** @throws AppError `conflict` where there is a user of that name, or of one that differs in capitals alone. */
export async function createUser(
  { pool }: Store,
  user: Pick<UserRecord, 'name' | 'role' | 'limits' | 'createdAt'>,
): Promise<UserRecord> {
  const { name, role, limits, createdAt } = user;
  const { rows } = await inTransaction(pool, async (client) => {
    await mustDiffer(client, name, { table: 'app_user', what: 'user' });
    return client.query<UserRecord>(
      `insert into app_user (name, role, limits, created_at) values ($1, $2, $3, $4) on conflict do nothing returning ${USER}`,
      [name, role, JSON.stringify(limits), createdAt],
    );
  });
  const [made] = rows;
  if (made === undefined) throw new AppError('conflict', { detail: `There is a user ${name} already.` });
  return made;
}

const UNLIMITED = `{"clusters": "all", "namespaces": "all"}`;

/** One after the other, so that two administrators do not make each other the one who stays. */
function inTurn<Row extends QueryResultRow>(
  pool: Pool,
  statement: string,
  values: readonly unknown[],
): Promise<QueryResult<Row>> {
  return inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('administrators'))`);
    return client.query<Row>(statement, [...values]);
  });
}

/** Removes a user with their tokens and the views that nobody else sees; the last administrator of everything stays. */
export async function deleteUser({ pool }: Store, id: number): Promise<boolean> {
  const { rowCount } = await inTurn(
    pool,
    `with gone as (
       delete from app_user u where id = $1
       and (not (role = 'admin' and limits @> $2) or exists (
         select from app_user o where o.role = 'admin' and o.limits @> $2 and o.id <> u.id
       )) returning name
     ), tokens as (delete from token t using gone where t.owner = gone.name
     ), views as (delete from saved_view v using gone where v.owner = gone.name and not v.is_shared)
     select from gone`,
    [id, UNLIMITED],
  );
  return rowCount === 1;
}

/**
 * Changes what a user may do, and unlocks them; what is undefined stays. Nobody where there is no such user, or where they
 * would leave nobody who administers everything.
 */
export async function updateUser(
  { pool }: Store,
  id: number,
  change: {
    readonly role?: string | undefined;
    readonly limits?: Limits | undefined;
    readonly isLocked?: false | undefined;
  },
): Promise<UserRecord | undefined> {
  const { role, limits, isLocked } = change;
  const { rows } = await inTurn<UserRecord>(
    pool,
    `update app_user u set role = coalesce($3, role), limits = coalesce($4, limits),
       failures = case when $5 then 0 else failures end
     where id = $1 and (
       not (role = 'admin' and limits @> $2)
       or (coalesce($3, role) = 'admin' and coalesce($4, limits) @> $2)
       or exists (select from app_user o where o.role = 'admin' and o.limits @> $2 and o.id <> u.id)
     ) returning ${USER}`,
    [id, UNLIMITED, role ?? null, limits === undefined ? null : JSON.stringify(limits), isLocked === false],
  );
  return rows[0];
}

/** Sets a password and ends all sessions but one. */
export async function setPassword(
  { pool }: Store,
  id: number,
  password: string,
  keep: Buffer | undefined,
): Promise<void> {
  await pool.query('update app_user set password = $2, failures = 0 where id = $1', [id, password]);
  await pool.query('delete from session where user_id = $1 and hash is distinct from $2', [id, keep ?? null]);
  await pool.query('delete from link where user_id = $1', [id]);
}

/** Takes a user's password, sessions and devices away, until they choose another; false where there is no such user. */
export async function resetPassword({ pool }: Store, id: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `with known as (update app_user set password = null, failures = 0 where id = $1 returning id),
       ended as (delete from session using known where user_id = known.id),
       forgotten as (delete from device using known where user_id = known.id),
       old as (delete from link using known where user_id = known.id)
     select from known`,
    [id],
  );
  return rowCount === 1;
}

/** Keeps a one-time link; only its hash. */
export async function createLink({ pool }: Store, user: number, hash: Buffer, expires: Date): Promise<void> {
  await pool.query('insert into link (hash, user_id, expires) values ($1, $2, $3)', [hash, user, expires]);
}

/** Takes a link: it is gone, whoever comes second finds nothing. */
export async function takeLink({ pool }: Store, hash: Buffer, now: Date): Promise<UserRecord | undefined> {
  const { rows } = await pool.query<{ user_id: number }>(
    'delete from link where hash = $1 returning user_id, expires',
    [hash],
  );
  const [link] = rows as { user_id: number; expires: Date }[];
  if (link === undefined || link.expires <= now) return undefined;
  return (await pool.query<UserRecord>(`select ${USER} from app_user where id = $1`, [link.user_id])).rows[0];
}

export interface SessionRecord {
  readonly userId: number;
  readonly name: string;
  readonly role: string;
  readonly limits: Limits;
  readonly csrf: string;
  readonly expires: Date;
}

export async function createSession(
  { pool }: Store,
  session: {
    readonly hash: Buffer;
    readonly user: number;
    readonly csrf: string;
    readonly now: Date;
    readonly expires: Date;
  },
): Promise<void> {
  const { hash, user, csrf, now, expires } = session;
  await pool.query(
    'insert into session (hash, user_id, csrf, created_at, expires) values ($1, $2, $3, $4, $5)',
    [hash, user, csrf, now, expires],
  );
  await pool.query(`delete from session where expires <= ${byBothClocks('$1')}`, [now]);
}

export async function findSession(
  { pool }: Store,
  hash: Buffer,
  now: Date,
): Promise<SessionRecord | undefined> {
  const { rows } = await pool.query<SessionRecord>(
    `select u.id as "userId", u.name, u.role, u.limits, s.csrf, s.expires from session s join app_user u on u.id = s.user_id
     where s.hash = $1 and s.expires > $2`,
    [hash, now],
  );
  return rows[0];
}

export async function deleteSession({ pool }: Store, hash: Buffer): Promise<void> {
  await pool.query('delete from session where hash = $1', [hash]);
}

export interface AuditRecord {
  readonly id: number;
  readonly at: Date;
  readonly actor: string;
  readonly address: string | null;
  readonly action: string;
  readonly subject: string;
  readonly outcome: 'done' | 'refused' | 'failed';
}

/** Notes what somebody did, and tells those who may read what is set: it may be another one now. */
export async function writeAudit({ pool }: Store, entry: Omit<AuditRecord, 'id'>): Promise<void> {
  const { at, actor, address, action, subject, outcome } = entry;
  await pool.query(
    `with noted as (
      insert into audit (at, actor, address, action, subject, outcome) values ($1, $2, $3, $4, $5, $6) returning 1
    )
    select pg_notify($7, $8) from noted`,
    [at, actor, address, action, subject, outcome, CHANNEL, SETTINGS_CHANGED],
  );
}

/** The audit log, the newest first, from below an id. */
export async function listAudit(
  { pool }: Store,
  limit: number,
  below?: number,
): Promise<readonly AuditRecord[]> {
  const { rows } = await pool.query<AuditRecord>(
    'select id, at, actor, address, action, subject, outcome from audit where id < $2 order by id desc limit $1',
    [limit, below ?? Number.MAX_SAFE_INTEGER],
  );
  return rows;
}
