import { contentHash } from '@bulwark/core';
import type { ResourceRow } from './rows.ts';

/** What the digest of a row is made of: all of it but who made it so, and what follows from the rest. */
export type Digested = Pick<
  ResourceRow,
  | ('bodyHash' | 'uid' | 'apiVersion' | 'ownerKind' | 'ownerName' | 'instance' | 'isWorkload')
  | ('team' | 'contacts' | 'environment' | 'criticality')
>;

/** Names a row as it is stored, 32 hexadecimal digits: nobody can make two rows of one name. */
export function digestOf(row: Digested): string {
  const { bodyHash, uid, apiVersion, ownerKind, ownerName, instance, isWorkload } = row;
  // What is not known is absent in what is made of an object, and null in what is read from a database.
  const { team = null, contacts = null, environment = null, criticality = null } = row;
  return contentHash({
    ...{ bodyHash, uid, apiVersion, ownerKind, ownerName, instance, isWorkload },
    ...{ team, contacts, environment, criticality },
  });
}
