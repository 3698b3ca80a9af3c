import type { NotificationRoute } from '@bulwark/api';

type Owners = NotificationRoute['owners'];

/** Owners of a route as they are chosen: any text may be a name, so that nobody is none of them. */
export interface ChosenOwners {
  readonly names: readonly string[];
  /** Whether what nobody owns is told. */
  readonly isNobody: boolean;
}

/** What a form shows of the owners of a route; nothing chosen is all. */
export function chosenOf(owners: Owners): ChosenOwners {
  if (owners === 'all') return { names: [], isNobody: false };
  return { names: owners.flatMap((name) => name ?? []), isNobody: owners.includes(null) };
}

/** What was chosen, for the hub. */
export function ownersOf({ names, isNobody }: ChosenOwners): Owners {
  const owners = [...names, ...(isNobody ? [null] : [])];
  return owners.length === 0 ? 'all' : owners;
}

/** The owners of a route in one line; names that would be read as something else stand in quotes. */
export function ownersText(owners: Owners): string {
  if (owners === 'all') return 'all';
  return owners.map((name) => (name === null ? NOBODY : isMistakable(name) ? `“${name}”` : name)).join(', ');
}

const NOBODY = 'nobody';

function isMistakable(name: string): boolean {
  return name.includes(',') || name === NOBODY || name === 'all';
}
