import { createHash } from 'node:crypto';
import { AppError } from '@bulwark/core';
import type { Pool, PoolClient } from 'pg';
import { unhurry } from '../silent-connection.ts';
import { MIGRATIONS, type Step } from './migrations.ts';

const TABLE =
  'create table if not exists migration (number int primary key, name text not null, digest text not null, at timestamptz not null default now())';

/** Any number, the same for all hubs: the first ten digits of pi. */
const LOCK = 3_141_592_653;

/**
 * Brings the schema up to date, forward only, each step in a transaction of its own. One hub does it while others wait. A hub that
 * is ended meanwhile leaves the step to the next start.
 *
 * @throws AppError `conflict` where the database was made by a later version, or a step is not what it was.
 */
export async function migrate(pool: Pool, migrations = MIGRATIONS): Promise<number> {
  const client = await pool.connect();
  let done = 0;
  try {
    // A step may have a large table to write, and another hub may be at it.
    await unhurry(client, 'session');
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(TABLE);
    const { rows } = await client.query<{ number: number; name: string; digest: string }>(
      'select number, name, digest from migration order by number',
    );
    if (rows.length > migrations.length) throw isLater(rows.length, migrations.length, rows.at(-1)?.name);
    for (const [index, step] of migrations.entries()) {
      const known = rows[index];
      if (known !== undefined) {
        if (known.digest !== digestOf(step) || known.name !== step.name)
          throw new AppError('conflict', {
            detail: `Step ${index + 1} of the database is ${known.name}, not ${step.name} of this version.`,
          });
        continue;
      }
      await client.query('begin');
      try {
        await take(client, step, index);
        await client.query('commit');
        done++;
      } catch (error) {
        await client.query('rollback').catch(() => undefined);
        throw error;
      }
    }
    return done;
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => undefined);
    // Its session waits for everything.
    client.release(true);
  }
}

/**
 * Takes the steps in a transaction of the caller's, so that a database has all of what it begins with, or nothing.
 *
 * @throws AppError `conflict` where the database is not empty.
 */
export async function migrateEmpty(client: PoolClient, migrations: readonly Step[]): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
  if (!(await isEmpty(client))) throw new AppError('conflict', { detail: 'The database is not empty.' });
  await client.query(TABLE);
  for (const [index, step] of migrations.entries()) await take(client, step, index);
}

async function take(client: PoolClient, step: Step, index: number): Promise<void> {
  await client.query(step.sql);
  await step.finish?.(client);
  const row = [index + 1, step.name, digestOf(step)];
  await client.query('insert into migration (number, name, digest) values ($1, $2, $3)', row);
}

function digestOf({ sql }: Step): string {
  return createHash('sha256').update(sql).digest('hex');
}

/** Whether a database has no tables. */
export async function isEmpty(client: Pick<PoolClient | Pool, 'query'>): Promise<boolean> {
  const { rows } = await client.query(
    `select from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') limit 1`,
  );
  return rows.length === 0;
}

function isLater(steps: number, known: number, name = ''): AppError {
  return new AppError('conflict', {
    detail: `The database is at step ${steps} (${name}), and this version of Bulwark knows ${known}. Start the version that wrote it, or restore a backup.`,
  });
}

/**
 * Makes sure that the schema is that of this version, and changes nothing.
 *
 * @throws AppError `conflict` where no hub has made it yet, or one of another version.
 */
export async function requireMigrated(pool: Pool, migrations = MIGRATIONS): Promise<void> {
  const { rows: tables } = await pool.query<{ table: string | null }>(
    "select to_regclass('migration') as table",
  );
  if ((tables[0]?.table ?? null) === null)
    throw new AppError('conflict', { detail: 'No hub was started with this database yet.' });
  const { rows } = await pool.query<{ name: string }>('select name from migration order by number');
  if (rows.length > migrations.length) throw isLater(rows.length, migrations.length, rows.at(-1)?.name);
  if (rows.length < migrations.length)
    throw new AppError('conflict', {
      detail: `The database is at step ${rows.length} (${rows.at(-1)?.name ?? ''}) and is brought to step ${migrations.length} when a hub of this version starts.`,
    });
}

/** Whether a later version has brought the schema further than this one knows. */
export async function isOfLaterVersion(
  { pool }: { readonly pool: Pool },
  migrations = MIGRATIONS,
): Promise<boolean> {
  const { rows } = await pool.query<{ steps: number }>('select count(*)::int as steps from migration');
  return (rows[0]?.steps ?? 0) > migrations.length;
}
