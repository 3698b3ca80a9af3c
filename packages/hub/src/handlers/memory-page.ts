import { AppError } from '@bulwark/core';
import type { ListRequest, Page } from '@bulwark/store';

/** How a list that is held in memory is sorted. */
export interface MemoryList<T> {
  readonly sorts: Readonly<Record<string, (item: T) => string | number>>;
  readonly standard: string;
  /** Tells items apart, and orders those that are equal otherwise. */
  readonly keyOf: (item: T) => string;
}

type Place = readonly [value: string | number, key: string];

/**
 * A page of a list by keyset, as the pages of the database are.
 *
 * @throws AppError `bad-request` for an unknown sort, `bad-cursor` for a cursor of another list or order.
 */
export function pageInMemory<T>(
  items: readonly T[],
  { sorts, standard, keyOf }: MemoryList<T>,
  { sort = standard, limit, cursor }: Pick<ListRequest, 'sort' | 'limit' | 'cursor'>,
): Page<T> {
  const isDown = sort.startsWith('-');
  const field = isDown ? sort.slice(1) : sort;
  const by = Object.hasOwn(sorts, field) ? sorts[field] : undefined;
  if (by === undefined)
    throw new AppError('bad-request', { detail: `Sort by one of ${Object.keys(sorts).join(', ')}.` });
  const direction = isDown ? -1 : 1;
  const start = cursor === undefined ? undefined : readCursor(cursor, sort);
  const placed = items
    .map((item): { item: T; place: Place } => ({ item, place: [by(item), keyOf(item)] }))
    .filter(({ place }) => start === undefined || direction * compare(place, start) > 0)
    .sort((a, b) => direction * compare(a.place, b.place));
  const page = placed.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    next: placed.length > limit && last !== undefined ? writeCursor(sort, last.place) : null,
    total: cursor === undefined ? items.length : null,
  };
}

function compare([a, keyA]: Place, [b, keyB]: Place): number {
  if (a !== b) return a < b ? -1 : 1;
  return keyA < keyB ? -1 : keyA > keyB ? 1 : 0;
}

function writeCursor(sort: string, place: Place): string {
  return Buffer.from(JSON.stringify([1, sort, ...place])).toString('base64url');
}

function readCursor(text: string, sort: string): Place {
  try {
    const [version, of, value, key] = JSON.parse(
      Buffer.from(text, 'base64url').toString('utf8'),
    ) as unknown[];
    if (version === 1 && of === sort && isValue(value) && typeof key === 'string') return [value, key];
  } catch {
    // Not ours: said below.
  }
  throw new AppError('bad-cursor');
}

function isValue(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
