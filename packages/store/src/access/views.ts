import { AppError } from '@bulwark/core';
import type { Store } from '../store.ts';

/** What of the address of a page a view keeps. */
export interface KeptView {
  readonly q?: string | undefined;
  readonly sort?: string | undefined;
  readonly by?: string | undefined;
  readonly cluster?: number | undefined;
  readonly namespace?: string | undefined;
}

export interface ViewRecord {
  readonly id: number;
  readonly list: string;
  readonly name: string;
  readonly owner: string;
  readonly isShared: boolean;
  readonly view: KeptView;
}

const VIEW = 'id, list, name, owner, is_shared as "isShared", view';
const UNIQUE_VIOLATION = '23505';

/** The views of a list that somebody sees: their own, then those that others share, each by name. */
export async function listViews({ pool }: Store, list: string, user: string): Promise<readonly ViewRecord[]> {
  const { rows } = await pool.query<ViewRecord>(
    `select ${VIEW} from saved_view where list = $1 and (owner = $2 or is_shared)
     order by owner <> $2, lower(name), id`,
    [list, user],
  );
  return rows;
}

/** A view that somebody sees. */
export async function findView({ pool }: Store, id: number, user: string): Promise<ViewRecord | undefined> {
  const { rows } = await pool.query<ViewRecord>(
    `select ${VIEW} from saved_view where id = $1 and (owner = $2 or is_shared)`,
    [id, user],
  );
  return rows[0];
}

/** @throws AppError `conflict` where the owner has a view of that name. */
export async function createView(
  { pool }: Store,
  view: Omit<ViewRecord, 'id'>,
  now: Date,
): Promise<ViewRecord> {
  const { list, name, owner, isShared } = view;
  const { rows } = await pool.query<ViewRecord>(
    `insert into saved_view (list, name, owner, is_shared, view, created_at) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing returning ${VIEW}`,
    [list, name, owner, isShared, JSON.stringify(view.view), now],
  );
  const [made] = rows;
  if (made === undefined) throw alreadyThere(name);
  return made;
}

/** @throws AppError `conflict` where the owner has another view of that name. */
export async function updateView(
  { pool }: Store,
  id: number,
  { name, isShared, view }: Pick<ViewRecord, 'name' | 'isShared' | 'view'>,
): Promise<ViewRecord | undefined> {
  try {
    const { rows } = await pool.query<ViewRecord>(
      `update saved_view set name = $2, is_shared = $3, view = $4 where id = $1 returning ${VIEW}`,
      [id, name, isShared, JSON.stringify(view)],
    );
    return rows[0];
  } catch (error) {
    throw (error as { code?: unknown }).code === UNIQUE_VIOLATION ? alreadyThere(name) : error;
  }
}

export async function deleteView({ pool }: Store, id: number): Promise<boolean> {
  return (await pool.query('delete from saved_view where id = $1', [id])).rowCount === 1;
}

function alreadyThere(name: string): AppError {
  return new AppError('conflict', { detail: `You have a view called ${name} already.` });
}
