import { foldCase } from '@bulwark/core';
import { sql } from 'kysely';

/**
 * Whose a row of findings, sums or objects is, as SQL and as indexes have it: owners are told apart by how they are written, but for
 * the case of letters of ASCII. Empty where nobody owns it.
 */
export function ownerOf(row: string, column = 'team'): string {
  return `lower(coalesce(${row}.${column}, '') collate "C")`;
}

/** The same of a row `t`. */
export const OWNER = sql.raw(ownerOf('t'));

/** The same of an owner as it is written; null is nobody. */
export function ownerKey(written: string | null): string {
  return foldCase(written ?? '');
}
