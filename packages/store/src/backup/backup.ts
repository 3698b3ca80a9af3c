import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, lstatSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { AppError, type Secret } from '@bulwark/core';
import pg, { type PoolClient } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { connectionString } from '../address.ts';
import { PooledClient } from '../away.ts';
import { isEmpty, migrateEmpty } from '../migrations/migrate.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';
import { setUpSession } from '../session.ts';
import { unhurry } from '../silent-connection.ts';
import type { Store } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import { FrameReader, frame } from './framing.ts';
import { SAVED_ROWS, SAVED_TABLES } from './tables.ts';

interface Head {
  readonly format: 'bulwark-backup/1';
  /** How many steps the schema had. */
  readonly migrations: number;
  readonly at: string;
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[];
  /** Partitions by name, as the statements that make them. */
  readonly partitions: readonly { readonly name: string; readonly parent: string; readonly bounds: string }[];
  /** Which number was given last, also of tables that are not saved; absent in older backups. */
  readonly numbers?: readonly LastNumber[];
}

interface LastNumber {
  readonly table: string;
  readonly column: string;
  readonly last: number;
}

/** What is said of a message of which nobody knows whether it was sent after the backup. */
const ON_ITS_WAY =
  'It was on its way when the backup was made: whether it arrived is not known. It is not sent again.';

/** How the name of a backup ends that is being made, or whose making was cut off. */
export const UNFINISHED = '.unfinished';

/**
 * Writes everything into a file for its owner alone, as one moment has it: all tables in one snapshot, compressed, with a
 * checksum. It has another name beside its own until it is whole.
 *
 * @param isForced whether it takes the place of a file that is there.
 * @throws AppError `conflict` where there is one, and it does not.
 */
export async function backup(
  { pool }: Store,
  file: string,
  { now, isForced = false }: { readonly now: Date; readonly isForced?: boolean },
): Promise<void> {
  const mustBeFree = (): void => {
    if (!isForced && lstatSync(file, { throwIfNoEntry: false }) !== undefined)
      throw new AppError('conflict', { detail: `There is a file ${file} already.` });
  };
  mustBeFree();
  const client = await pool.connect();
  const unfinished = `${file}.${randomUUID()}${UNFINISHED}`;
  try {
    await client.query('begin isolation level repeatable read read only');
    await unhurry(client, 'transaction');
    await pipeline(
      Readable.from(framesOf(client, now)),
      createGzip({ level: 6 }),
      createWriteStream(unfinished, { flags: 'wx', mode: 0o600, flush: true }),
    );
    await client.query('commit');
    mustBeFree();
    await rename(unfinished, file);
    client.release();
  } catch (error) {
    client.release(true);
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function* framesOf(client: PoolClient, now: Date): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  const add = (content: Uint8Array): Uint8Array => {
    const framed = frame(content);
    hash.update(framed);
    return framed;
  };
  const head = await headOf(client, now);
  yield add(Buffer.from(JSON.stringify(head)));
  for (const { name, columns } of head.tables) {
    // Through a query, as COPY of a partitioned table by its name reads nothing.
    const rows = `select ${columns.join(', ')} from ${name} where ${SAVED_ROWS[name] ?? 'true'}`;
    const stream = client.query(copyTo(`copy (${rows}) to stdout`));
    for await (const part of stream) yield add(part as Buffer);
    yield add(Buffer.alloc(0));
  }
  yield frame(hash.digest());
}

async function headOf(client: PoolClient, now: Date): Promise<Head> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(quote_ident(a.attname) order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = current_schema()::regnamespace and c.relname = any($1) group by 1`,
    [[...SAVED_TABLES]],
  );
  const columnsOf = new Map(rows.map(({ name, columns }) => [name, columns]));
  const partitions = await client.query<{ name: string; parent: string; bounds: string }>(
    `select c.relname as name, p.relname as parent, pg_get_expr(c.relpartbound, c.oid) as bounds
     from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
     where p.relname = any($1) order by 1`,
    [[...SAVED_TABLES]],
  );
  const numbers = await client.query<LastNumber>(
    `select s.table, s.column, pg_sequence_last_value(sequence)::float8 as last from (${SEQUENCES}) s
     where pg_sequence_last_value(sequence) is not null order by 1, 2`,
  );
  const { rows: steps } = await client.query<{ n: number }>('select count(*)::int as n from migration');
  return {
    format: 'bulwark-backup/1',
    migrations: steps[0]?.n ?? 0,
    at: now.toISOString(),
    tables: SAVED_TABLES.map((name) => ({ name, columns: columnsOf.get(name) ?? [] })),
    partitions: partitions.rows,
    numbers: numbers.rows,
  };
}

/**
 * Puts a backup into an empty database, at the step of the schema that it was made at; the next start brings it up to date.
 * The whole file is checked first, and everything is put back in one transaction: a broken file changes nothing, and what is
 * cut off leaves the database empty.
 *
 * @throws AppError `bad-request` for a file that is no whole backup, `conflict` where the database is not empty or the
 * backup is of a later version.
 */
export async function restore(url: Secret<string>, file: string): Promise<void> {
  const head = await check(file);
  if (head.migrations > MIGRATIONS.length)
    throw new AppError('conflict', { detail: 'The backup was made by a later version of Bulwark.' });
  const pool = poolOf(url);
  try {
    await inTransaction(pool, async (client) => {
      await unhurry(client, 'transaction');
      await migrateEmpty(client, MIGRATIONS.slice(0, head.migrations));
      for (const { name, parent, bounds } of head.partitions)
        await client.query(
          `create table if not exists ${ident(name)} partition of ${ident(parent)} ${boundsOf(bounds)}`,
        );
      const frames = framesIn(file);
      await frames.next();
      for (const { name, columns } of head.tables) await fill(client, frames, name, columns);
      await giveUpSending(client, head);
      await resetSequences(client, head.numbers ?? []);
    });
  } finally {
    await pool.end();
  }
}

function poolOf(url: Secret<string>): pg.Pool {
  const pool = new pg.Pool({
    connectionString: connectionString(url),
    Client: PooledClient,
    max: 1,
    verify: setUpSession,
  });
  // Whoever asks is told of what breaks; without listeners a server that ends while this does would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Whether there is nothing in a database yet, so that a backup can be put into it. */
export async function isEmptyDatabase(url: Secret<string>): Promise<boolean> {
  const pool = poolOf(url);
  try {
    return await isEmpty(pool);
  } finally {
    await pool.end();
  }
}

function framesIn(file: string): FrameReader {
  const gunzip = createGunzip();
  const source = createReadStream(file);
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  return new FrameReader(gunzip);
}

async function check(file: string): Promise<Head> {
  try {
    const frames = framesIn(file);
    const head = JSON.parse((await frames.next()).toString('utf8')) as Head;
    if (head.format !== 'bulwark-backup/1')
      throw new AppError('bad-request', { detail: 'The file is no backup of Bulwark.' });
    for (let table = 0; table < head.tables.length; table++) while ((await frames.next()).length > 0);
    await frames.verify();
    return head;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('bad-request', { detail: 'The file is no whole backup of Bulwark.' }, error);
  }
}

async function fill(
  client: PoolClient,
  frames: FrameReader,
  name: string,
  columns: readonly string[],
): Promise<void> {
  const target = client.query(copyFrom(`copy ${ident(name)} (${columns.map(ident).join(', ')}) from stdin`));
  await pipeline(
    Readable.from(
      (async function* () {
        for (let part = await frames.next(); part.length > 0; part = await frames.next()) yield part;
      })(),
    ),
    target,
  );
}

async function giveUpSending(client: PoolClient, { at }: Head): Promise<void> {
  await client.query(
    // Since then there may have been an attempt more, of which nobody knows what became.
    "update delivery set state = 'failed', answer = $1, done_at = $2, attempts = attempts + 1 where state in ('waiting', 'sending')",
    [ON_ITS_WAY, at],
  );
}

const SEQUENCES = `
select c.relname as table, a.attname as column, pg_get_serial_sequence(c.oid::regclass::text, a.attname)::regclass as sequence
from pg_attribute a join pg_class c on c.oid = a.attrelid
where a.attidentity <> '' and c.relnamespace = current_schema()::regnamespace`;

/** Numbers go on after the highest that was put back, and after the last that was given: what is kept may refer to what is not. */
async function resetSequences(client: PoolClient, given: readonly LastNumber[]): Promise<void> {
  const lastOf = new Map(given.map(({ table, column, last }) => [`${table}.${column}`, last]));
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(SEQUENCES);
  for (const { table, column, sequence } of rows)
    await client.query(
      `select setval($1::regclass, greatest((select max(${ident(column)}) from ${ident(table)}), $2::bigint, 0) + 1, false)`,
      [sequence, lastOf.get(`${table}.${column}`) ?? 0],
    );
}

/** Names in a backup are ours; a file that says otherwise must not become SQL. */
function ident(name: string): string {
  const bare = name.replace(/^"(.*)"$/, '$1');
  if (!/^[a-z_][a-z0-9_]*$/.test(bare))
    throw new AppError('bad-request', { detail: 'The backup names what cannot be a table.' });
  return `"${bare}"`;
}

function boundsOf(bounds: string): string {
  if (!/^FOR VALUES FROM \('[\d :+-]+'\) TO \('[\d :+-]+'\)$/.test(bounds))
    throw new AppError('bad-request', { detail: 'The backup names what cannot be a partition.' });
  return bounds;
}
