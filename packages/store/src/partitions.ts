import type { Pool } from 'pg';

const PARTITIONED = ['resource_past', 'finding_past'] as const;
const AHEAD = 2;

function monthOf(moment: Date, offset = 0): string {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + offset, 1))
    .toISOString()
    .slice(0, 10);
}

function nameOf(table: string, month: string): string {
  return `${table}_${month.slice(0, 7).replace('-', '_')}`;
}

/** Makes the partitions of a month and of the two after it, by the month in which an interval ends. */
export async function ensurePartitions(pool: Pool, now: Date, back = 1): Promise<void> {
  for (const table of PARTITIONED)
    for (let offset = -back; offset <= AHEAD; offset++) {
      const from = monthOf(now, offset);
      await pool.query(
        `create table if not exists ${nameOf(table, from)} partition of ${table} for values from ('${from}') to ('${monthOf(now, offset + 1)}')`,
      );
    }
}

/** Drops what ended before the month of a moment, with the bodies that nothing has any more. Returns what was dropped. */
export async function retain(pool: Pool, from: Date): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(
    'select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent where p.relname = any($1)',
    [[...PARTITIONED]],
  );
  const oldest = monthOf(from).slice(0, 7).replace('-', '_');
  const dropped = rows
    .map(({ name }) => name)
    .filter((name) => name.slice(-7) < oldest)
    .sort();
  for (const name of dropped) await pool.query(`drop table ${name}`);
  await pool.query('delete from change where at < $1', [from]);
  await pool.query('delete from posture_day where day < $1', [from]);
  await pool.query('delete from delivery where done_at < $1', [from]);
  await dropUnusedBodies(pool);
  return dropped;
}

/** Bodies are shared, so that only what neither a live nor a past object nor a change names can go. */
export async function dropUnusedBodies(pool: Pool): Promise<number> {
  const { rowCount } = await pool.query(`
    delete from body b
    where not exists (select from resource r where r.body_hash = b.hash)
      and not exists (select from resource_past r where r.body_hash = b.hash)
      and not exists (select from change c where c.before = b.hash)`);
  return rowCount ?? 0;
}
