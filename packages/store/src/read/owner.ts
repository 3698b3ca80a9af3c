import { sql } from 'kysely';
import { lower } from '../search/words.ts';

/**
 * Whose a finding or a sum `t` is, as the index of findings has it: owners are told apart by how they are written, but for the case
 * of letters of ASCII. Empty where nobody owns it.
 */
export const OWNER = sql`lower(coalesce(t.team, ''))`;

/** The same, as SQL, of a row whose owner is kept in the collation of the database. */
export function ownerOf(row: string): string {
  return `lower(coalesce(${row}.team, '') collate "C")`;
}

/** The same of an object `t`. */
export const OWNER_OF_OBJECT = sql.raw(ownerOf('t'));

/** The same of an owner as it is written; null is nobody. */
export function ownerKey(written: string | null): string {
  return lower(written ?? '');
}
