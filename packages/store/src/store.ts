import { AppError, type Secret } from '@bulwark/core';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { connectionString } from './address.ts';
import { PooledClient } from './away.ts';
import { Connections } from './connections.ts';
import { migrate, requireMigrated } from './migrations/migrate.ts';
import { ensurePartitions } from './partitions.ts';
import { setUpSession } from './session.ts';
import { keepsSession, SESSIONS_NOT_KEPT } from './session-keeping.ts';
import { breakOffSilent } from './silent-connection.ts';
import { Unwritten } from './unwritten.ts';
import { whyNotOpened } from './why-not-opened.ts';
import { whyNotWritten } from './why-not-written.ts';

/** Tables are read through SQL of our own, so that the builder knows none. */
export type Database = Record<string, never>;

/** An open database. */
export interface Store {
  readonly db: Kysely<Database>;
  readonly pool: pg.Pool;
  readonly version: string;
  /** What this process could not write. */
  readonly unwritten: Unwritten;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly url: Secret<string>;
  /** Connections at most. */
  readonly connections?: number;
  /** How long the database may say nothing that is asked something, in milliseconds, until the connection is broken off. */
  readonly silentMs?: number;
  /** The present moment: partitions are made ahead of it. */
  readonly now: Date;
  /** Whether the schema is brought up to date; one process of a hub does it, and others need it to be. */
  readonly migrate?: boolean;
  /** Breaks off every connection and statement, for an end that waits for nothing. */
  readonly signal?: AbortSignal | undefined;
}

const OLDEST_MAJOR = 15;
// Counts and sizes of ours are far below 2^53.
const INT8 = 20;
pg.types.setTypeParser(INT8, Number);

/**
 * Opens a database, brings its schema up to date and makes partitions ahead.
 *
 * @throws AppError `database-away` where it does not answer or refuses, `conflict` where its schema is not that of this
 *   version, or it keeps no sessions.
 */
export async function openStore({
  url,
  connections = 8,
  now,
  migrate: wantsMigration = true,
  signal,
  silentMs,
}: StoreOptions): Promise<Store> {
  const sockets = new Connections(signal);
  const connection = {
    connectionString: connectionString(url),
    stream: sockets.socket,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'bulwark',
  };
  const pool = new pg.Pool({
    ...connection,
    Client: PooledClient,
    max: connections,
    idleTimeoutMillis: 30_000,
    verify: setUpSession,
  });
  breakOffSilent(pool, silentMs);
  // A connection that breaks while nobody uses it is replaced; whoever asks next is told if that fails.
  pool.on('error', () => undefined);
  // One that breaks between two statements of a transaction as well: without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    // Before anything is set in a session that may be another's next.
    if (wantsMigration) await requireSessions(() => new pg.Client(connection));
    const { rows } = await pool.query<{ server_version: string }>('show server_version');
    const version = rows[0]?.server_version ?? '';
    if (Number.parseInt(version, 10) < OLDEST_MAJOR)
      throw new AppError('conflict', {
        detail: `PostgreSQL ${version} is too old: ${OLDEST_MAJOR} or later is needed.`,
      });
    await (wantsMigration ? migrate(pool) : requireMigrated(pool));
    await ensurePartitions(pool, now);
    return {
      db: new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }),
      pool,
      version,
      unwritten: new Unwritten(),
      close: () => sockets.end(() => pool.end()),
    };
  } catch (error) {
    await sockets.end(() => pool.end());
    throw error instanceof AppError
      ? error
      : new AppError('database-away', { detail: whyNotOpened(error, url) }, error);
  }
}

async function requireSessions(connect: () => pg.Client): Promise<void> {
  const client = connect();
  client.on('error', () => undefined);
  try {
    await client.connect();
    if (!(await keepsSession(client, connect))) throw new AppError('conflict', { detail: SESSIONS_NOT_KEPT });
  } finally {
    await client.end().catch(() => undefined);
  }
}

const ANSWER_MS = 5000;
/** It answers, and is in want of something. */
const WANTING = /^(?:25|53|58)...$/;

/** Why the database cannot be used now, or takes nothing, in sentences without its address; undefined where it can. */
export async function databaseFault(
  { pool, unwritten }: Pick<Store, 'pool' | 'unwritten'>,
  withinMs = ANSWER_MS,
): Promise<string | undefined> {
  const question: pg.QueryConfig & { readonly query_timeout: number } = {
    text: 'show transaction_read_only',
    query_timeout: withinMs,
  };
  try {
    const { rows } = await pool.query<{ transaction_read_only: string }>(question);
    if (rows[0]?.transaction_read_only === 'on') return whyNotWritten({ code: '25006' }).reason;
    return unwritten.reason;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code === 'string')
      return WANTING.test(code) ? whyNotWritten(error).reason : `The database does not answer: ${code}.`;
    const isSlow = error instanceof Error && /timeout/i.test(error.message);
    return isSlow ? 'The database does not answer in time.' : 'The database does not answer.';
  }
}
