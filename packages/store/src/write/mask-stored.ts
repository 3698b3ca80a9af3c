import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { setSetting, settingOf } from '../access/settings.ts';
import type { Store } from '../store.ts';
import { MASKS, type Mask } from './masks.ts';

/** Where to go on: a part of a table, and a block of that. */
interface Place {
  readonly part: string;
  readonly block: number;
}

/** How far a version has come; without a place it is done. */
interface Progress {
  readonly version: string;
  readonly place?: Place | undefined;
}

const SETTING = 'masked';
/** So many blocks of 8 KiB are looked at together: some hundred rows, whose large texts lie elsewhere. */
const BLOCKS = 8;
const REST_MS = 25;

/**
 * Masks in what is stored what this version takes for a secret and earlier ones did not, once for each version. It goes on where it
 * was broken off. Memory: the rows of a few blocks. What is written meanwhile stays as it is written.
 *
 * @param version of the program.
 * @returns how many rows were changed; undefined where this version has done it before.
 */
export async function maskStored(
  store: Store,
  { version, isStopped }: { readonly version: string; readonly isStopped: () => boolean },
): Promise<number | undefined> {
  const before = await settingOf<Progress>(store, SETTING);
  const isBegun = before?.version === version;
  if (isBegun && before.place === undefined) return undefined;
  let changed = 0;
  let place: Place | undefined = isBegun ? before.place : { part: '', block: 0 };
  while (place !== undefined && !isStopped()) {
    const page: MaskedPage = await maskPage(store, place);
    changed += page.changed;
    place = page.next;
    await setSetting(store, SETTING, { version, ...(place && { place }) } satisfies Progress);
    await pause(REST_MS);
  }
  return changed;
}

interface MaskedPage {
  readonly changed: number;
  readonly next: Place | undefined;
}

async function maskPage({ pool }: Store, place: Place): Promise<MaskedPage> {
  // Parts come and go with the months.
  const { rows: parts } = await pool.query<{ part: string; table: string; blocks: number }>(
    `select * from (
       select c.oid::regclass::text collate "C" as part, coalesce(p.relname, c.relname)::text as table,
         (pg_relation_size(c.oid) / current_setting('block_size')::int)::int as blocks
       from pg_class c left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
       where c.relkind = 'r' and pg_table_is_visible(c.oid)) each
     where "table" = any($1::text[]) and part >= $2 order by part limit 2`,
    [Object.keys(MASKS), place.part],
  );
  const [here, following] = parts;
  if (here === undefined) return { changed: 0, next: undefined };
  const block = here.part === place.part ? place.block : 0;
  const changed = block < here.blocks ? await maskBlocks(pool, here, block) : 0;
  const isOver = block + BLOCKS >= here.blocks;
  if (!isOver) return { changed, next: { part: here.part, block: block + BLOCKS } };
  return { changed, next: following && { part: following.part, block: 0 } };
}

interface StoredRow {
  readonly row_place: string;
  /** Another one was written by somebody else. */
  readonly row_version: string;
  readonly [column: string]: unknown;
}

type Columns = readonly (readonly [column: string, mask: Mask])[];
type MaskedRow = Readonly<Record<string, unknown>>;

async function maskBlocks(
  pool: Store['pool'],
  { part, table }: { readonly part: string; readonly table: string },
  block: number,
): Promise<number> {
  const columns = Object.entries(MASKS[table] ?? {});
  const { rows } = await pool.query<StoredRow>(
    `select ctid::text as row_place, xmin::text as row_version, ${columns.map(([column]) => column).join(', ')} from ${part}
     where ctid >= $1::tid and ctid < $2::tid`,
    [`(${block},0)`, `(${block + BLOCKS},0)`],
  );
  const changed = rows.flatMap((row) => maskedRow(row, columns) ?? []);
  if (changed.length === 0) return 0;
  const write = (masked: readonly MaskedRow[]): Promise<number> =>
    writeMasked(pool, part, { columns, masked });
  try {
    return await write(changed);
  } catch (error) {
    if (!isClash(error)) throw error;
    if (table === 'exception')
      await pool.query(FORGET_ASKED_ANEW, [
        changed.map(({ row_place }) => row_place),
        changed.map(({ reason }) => reason),
      ]);
  }
  let count = 0;
  for (const row of changed)
    count += await write([row]).catch((error: unknown) => {
      if (!isClash(error)) throw error;
      return write([toldApart(row, columns)]);
    });
  return count;
}

async function writeMasked(
  pool: Store['pool'],
  part: string,
  { columns, masked }: { readonly columns: Columns; readonly masked: readonly MaskedRow[] },
): Promise<number> {
  const { rowCount } = await pool.query(
    `update ${part} t set ${columns.map(([column]) => `${column} = x.${column}`).join(', ')}
     from jsonb_to_recordset($1::jsonb) as x(row_place tid, row_version text, ${columns
       .map(([column, { type }]) => `${column} ${type}`)
       .join(', ')})
     where t.ctid = x.row_place and t.xmin::text = x.row_version`,
    [JSON.stringify(masked)],
  );
  return rowCount ?? 0;
}

/**
 * What an annotation asks for without the secret is asked for anew as soon as it is read by this version. Where somebody has answered
 * what it asked for with it, that is the answer.
 */
const FORGET_ASKED_ANEW = `
delete from exception n using exception e join unnest($1::tid[], $2::text[]) as x(place, reason) on e.ctid = x.place
where n.annotation is not null and n.state = 'requested' and n.id > e.id and n.reason = x.reason and n.until is not distinct from e.until
  and (n.cluster_id, n.kind, n.namespace, n.name, n.control) = (e.cluster_id, e.kind, e.namespace, e.name, e.control)`;

const UNIQUE_VIOLATION = '23505';

function isClash(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === UNIQUE_VIOLATION;
}

/** A row that would be as another one is without their secrets. */
function toldApart(row: MaskedRow, columns: Columns): MaskedRow {
  const unique = columns.filter(([, { isUnique }]) => isUnique === true);
  return {
    ...row,
    ...Object.fromEntries(
      unique.map(([column]) => [column, `${row[column] as string} ${randomUUID().slice(0, 4)}`]),
    ),
  };
}

/** What a row becomes; undefined where it stays as it is. */
function maskedRow(row: StoredRow, columns: Columns): readonly [MaskedRow] | undefined {
  const masked = columns.map(([column, { of }]) => {
    const value = row[column];
    return [column, value === null ? null : of(value as never)] as const;
  });
  if (masked.every(([column, value]) => isDeepStrictEqual(value, row[column]))) return undefined;
  const { row_place, row_version } = row;
  return [{ row_place, row_version, ...Object.fromEntries(masked) }];
}
