import { ownerKey } from '@bulwark/store';
import { groupBy } from './group-by.ts';

/**
 * An owner with each way in which it is written: the first of them stands for it, as by any of them a query finds all that is its.
 *
 * @param written some of its ways, each as often as it comes; empty where nobody is the owner.
 */
export function ownerNamed(written: readonly string[]): {
  readonly owner: string | null;
  readonly spellings: string[];
} {
  const spellings = [...new Set(written)].filter((team) => team !== '').sort();
  return { owner: spellings[0] ?? null, spellings };
}

/** Owners as they are written, each of them once: in the way that comes first. */
export function ownersIn(written: readonly string[]): string[] {
  return [...groupBy(written, ownerKey).values()].flatMap(([first]) => first ?? []);
}
