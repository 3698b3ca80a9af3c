import { matchesQuery, type QueryField, type RecordValue } from '@bulwark/core';
import { queryOf } from './list-request.ts';

/** How a list that is held in memory is asked. */
export interface MemoryFields<T> {
  readonly fields: readonly QueryField[];
  /** What an item has in each field, by its name. */
  readonly values: Readonly<Record<string, (item: T, now: number) => RecordValue>>;
  /** What free text is searched in. */
  readonly texts: (item: T) => readonly string[];
}

/**
 * The items that a query finds.
 *
 * @throws AppError `bad-query`, with the place and what was probably meant.
 */
export function foundInMemory<T>(
  items: readonly T[],
  { fields, values, texts }: MemoryFields<T>,
  { q, now }: { readonly q: string | undefined; readonly now: Date },
): readonly T[] {
  const query = queryOf(q, fields);
  const context = { fields, now: now.getTime() };
  return items.filter((item) =>
    matchesQuery(
      query,
      { value: (field) => values[field]?.(item, context.now), texts: texts(item) },
      context,
    ),
  );
}
