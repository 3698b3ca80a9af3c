import { sql } from 'kysely';
import { lower } from '../search/words.ts';

/**
 * Whose a finding or a sum `t` is, as the index of findings has it: owners are told apart by how they are written, but for the case
 * of letters of ASCII. Empty where nobody owns it.
 */
export const OWNER = sql`lower(coalesce(t.team, ''))`;

/** The same of an object, whose owner is kept in the collation of the database. */
export const OWNER_OF_OBJECT = sql`lower(coalesce(t.team, '') collate "C")`;

/** The same of an owner as it is written; null is nobody. */
export function ownerKey(written: string | null): string {
  return lower(written ?? '');
}
