import type { Actor } from './rows.ts';

/** Of a change of which nobody is known. */
export const NOBODY: Actor = {
  user: null,
  groups: [],
  impersonatedBy: null,
  address: null,
  userAgent: null,
  managers: [],
};

/** The actor of a change in SQL, with every field: what is null is not stored. */
export function fullActorOf(change: string): string {
  return `('${JSON.stringify(NOBODY)}'::jsonb || ${change}.actor)`;
}
