import { setTimeout as pause } from 'node:timers/promises';
import {
  type JsonObject,
  type Labels,
  redactAddress,
  redactContent,
  redactLabels,
  redactSaid,
  redactText,
} from '@bulwark/core';
import { setSetting, settingOf } from '../access/settings.ts';
import type { Store } from '../store.ts';

/** How what a column holds is masked, and its type. */
interface Mask {
  readonly type: string;
  readonly of: (value: never) => unknown;
}

const OBJECT: Mask = { type: 'jsonb', of: (value: JsonObject) => redactContent(value) };
const LABELS: Mask = { type: 'jsonb', of: (value: Labels) => redactLabels(value) };
const TEXTS: Mask = { type: 'text[]', of: (values: readonly string[]) => values.map(redactSaid) };
const TEXT: Mask = { type: 'text', of: (value: string) => redactText(value) };
const ADDRESS: Mask = { type: 'text', of: (value: string) => redactAddress(value) };

/** What holds texts that others have written. The audit log is never changed, and what is found is judged anew. */
const TABLES: Readonly<Record<string, Readonly<Record<string, Mask>>>> = {
  body: { content: OBJECT },
  resource: { instance: OBJECT, labels: LABELS, images: TEXTS },
  resource_past: { instance: OBJECT, labels: LABELS, images: TEXTS },
  build_manifest: { content: OBJECT },
  build_record: { repository: TEXT, ref: TEXT, author: TEXT, run: ADDRESS },
  comment: { text: TEXT },
  exception: { reason: TEXT, owner: TEXT },
};

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
    [Object.keys(TABLES), place.part],
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

async function maskBlocks(
  pool: Store['pool'],
  { part, table }: { readonly part: string; readonly table: string },
  block: number,
): Promise<number> {
  const columns = Object.entries(TABLES[table] ?? {});
  const names = columns.map(([column]) => column);
  const { rows } = await pool.query<StoredRow>(
    `select ctid::text as row_place, xmin::text as row_version, ${names.join(', ')} from ${part}
     where ctid >= $1::tid and ctid < $2::tid`,
    [`(${block},0)`, `(${block + BLOCKS},0)`],
  );
  const changed = rows.flatMap((row) => maskedRow(row, columns) ?? []);
  if (changed.length === 0) return 0;
  const { rowCount } = await pool.query(
    `update ${part} t set ${names.map((column) => `${column} = x.${column}`).join(', ')}
     from jsonb_to_recordset($1::jsonb) as x(row_place tid, row_version text, ${columns
       .map(([column, { type }]) => `${column} ${type}`)
       .join(', ')})
     where t.ctid = x.row_place and t.xmin::text = x.row_version`,
    [JSON.stringify(changed)],
  );
  return rowCount ?? 0;
}

/** What a row becomes; undefined where it stays as it is. */
function maskedRow(
  row: StoredRow,
  columns: readonly (readonly [column: string, mask: Mask])[],
): Readonly<Record<string, unknown>> | undefined {
  const masked = columns.map(([column, { of }]) => {
    const value = row[column];
    return [column, value === null ? null : of(value as never)] as const;
  });
  if (masked.every(([column, value]) => isSame(value, row[column]))) return undefined;
  const { row_place, row_version } = row;
  return { row_place, row_version, ...Object.fromEntries(masked) };
}

/** Parts that hold no secret are not copied, but lists of texts are. */
function isSame(masked: unknown, before: unknown): boolean {
  return Array.isArray(masked) && Array.isArray(before)
    ? masked.every((each, at) => each === before[at])
    : masked === before;
}
