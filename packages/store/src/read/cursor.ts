import { AppError } from '@bulwark/core';

/** Where a page ended: the values of its last row, as text, and the row's cluster. */
export interface Cursor {
  readonly sort: string;
  readonly values: readonly string[];
  readonly cluster: number;
}

const VERSION = 2;

/** A cursor as whoever asks gets it: opaque. */
export function writeCursor({ sort, values, cluster }: Cursor): string {
  return Buffer.from(JSON.stringify([VERSION, sort, values, cluster])).toString('base64url');
}

/** What the values of a type look like as the database writes them. */
const FORMS = {
  text: /^[^\0]*$/,
  int2: /^-?\d{1,4}$/,
  int4: /^-?\d{1,9}$/,
  int8: /^-?\d{1,18}$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  timestamptz:
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?[+-](0\d|1[0-5])(:[0-5]\d)?$/,
} as const;

export type OrderType = keyof typeof FORMS;

/**
 * Reads a cursor.
 *
 * @param types of the values that the order has.
 * @throws AppError `bad-cursor` for one of another list, order or version.
 */
export function readCursor(text: string, sort: string, types: readonly OrderType[]): Cursor {
  try {
    const [version, of, values, cluster] = JSON.parse(
      Buffer.from(text, 'base64url').toString('utf8'),
    ) as unknown[];
    if (
      version === VERSION &&
      of === sort &&
      Array.isArray(values) &&
      values.length === types.length &&
      types.every((type, index) => typeof values[index] === 'string' && FORMS[type].test(values[index])) &&
      Number.isSafeInteger(cluster)
    )
      return { sort, values: values as string[], cluster: cluster as number };
  } catch {
    // Not ours: said below.
  }
  throw new AppError('bad-cursor');
}
