import type { Actor } from '@bulwark/store';

const MOST_NAMED = 3;

/**
 * Who made a change, in short: the user, several of whom one did it where nobody can tell which, or else the program that the object
 * names. Null where nothing is known.
 */
export function makerOf({ user, managers, others = [] }: Actor): string | null {
  if (user !== null) return user;
  if (others.length === 0) return managers[0] ?? null;
  const names = others.slice(0, MOST_NAMED).map((other) => other.user);
  const rest = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : '';
  return `one of ${names.join(', ')}${rest}`;
}
