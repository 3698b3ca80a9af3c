import { retain, type Store } from '@bulwark/store';
import { figure, note } from '../measure.ts';
import { tableSizes } from './sizes-of-tables.ts';

const MIB = 1024 * 1024;
const DAY_MS = 86_400_000;
/** The least that keeps a whole month: partitions are months. */
const DAYS = 30;

/** Drops of a database what ended long ago, as the hub does every night, and looks whether it is gone and all else there. */
export async function retentionFigures(store: Store): Promise<void> {
  const from = new Date(Date.now() - DAYS * DAY_MS);
  const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), 1));
  const count = async (): Promise<{ old: number; rest: number }> => {
    const { rows } = await store.pool.query<{ old: number; rest: number }>(
      `select count(*) filter (where valid_to < $1) as old, count(*) filter (where valid_to >= $1) as rest from finding_past`,
      [month],
    );
    return rows[0] ?? { old: 0, rest: 0 };
  };
  const before = await count();
  if (before.old === 0) throw new Error('there is nothing that is too old');
  const size = await totalSize(store);
  const began = performance.now();
  await retain(store.pool, from);
  const seconds = (performance.now() - began) / 1000;
  const after = await count();
  const freed = size - (await totalSize(store));
  figure(`findings of the past, ${DAYS} days kept: rows that are too old, after`, after.old, {
    most: 0,
    unit: 'rows',
  });
  figure('findings of the past: rows lost that are not', before.rest - after.rest, { most: 0, unit: 'rows' });
  note(
    `${before.old} rows, ${(freed / MIB).toFixed(0)} MiB given back to the disk in ${seconds.toFixed(1)} s`,
  );
}

async function totalSize(store: Store): Promise<number> {
  return [...(await tableSizes(store)).values()].reduce((sum, bytes) => sum + bytes, 0);
}
