import { createHash } from 'node:crypto';
import { AppError } from '@bulwark/core';
import type { Pool } from 'pg';
import { MIGRATIONS } from './migrations.ts';

/** Any number, the same for all hubs: the first ten digits of pi. */
const LOCK = 3_141_592_653;

/**
 * Brings the schema up to date, forward only, each step in a transaction of its own. One hub does it while others wait.
 *
 * @throws AppError `conflict` where the database was made by a later version, or a step is not what it was.
 */
export async function migrate(pool: Pool, migrations = MIGRATIONS): Promise<number> {
  const client = await pool.connect();
  let done = 0;
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(
      'create table if not exists migration (number int primary key, name text not null, digest text not null, at timestamptz not null default now())',
    );
    const { rows } = await client.query<{ number: number; name: string; digest: string }>(
      'select number, name, digest from migration order by number',
    );
    if (rows.length > migrations.length) throw isLater(rows.length, migrations.length, rows.at(-1)?.name);
    for (const [index, { name, sql }] of migrations.entries()) {
      const digest = createHash('sha256').update(sql).digest('hex');
      const known = rows[index];
      if (known !== undefined) {
        if (known.digest !== digest || known.name !== name)
          throw new AppError('conflict', {
            detail: `Step ${index + 1} of the database is ${known.name}, not ${name} of this version.`,
          });
        continue;
      }
      await client.query('begin');
      try {
        await client.query(sql);
        await client.query('insert into migration (number, name, digest) values ($1, $2, $3)', [
          index + 1,
          name,
          digest,
        ]);
        await client.query('commit');
        done++;
      } catch (error) {
        await client.query('rollback');
        throw error;
      }
    }
    return done;
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => undefined);
    client.release();
  }
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
