import type { NamespaceItem } from '@bulwark/api';

const LEVELS = ['privileged', 'baseline', 'restricted'] as const;

/**
 * What the Pod Security level of a namespace comes to: pods are refused, more could be enforced, it is as strict as it can be, or
 * that is not known.
 */
export type Enforcement = 'refuses' | 'chance' | 'fits' | 'unknown';

/** Refusing what runs is worse than refusing too little, so that it is said first. */
export function enforcementOf({
  enforced,
  possible,
  refusedCount,
}: Pick<NamespaceItem, 'enforced' | 'possible' | 'refusedCount'>): Enforcement {
  if (refusedCount > 0) return 'refuses';
  if (possible === null) return 'unknown';
  return LEVELS.indexOf(possible) > LEVELS.indexOf(enforced ?? 'privileged') ? 'chance' : 'fits';
}

type Enforcing = Pick<NamespaceItem, 'enforced' | 'enforcedVersion'>;

/** The level that a namespace enforces, with the version of its rules where they are older than its cluster's. */
export function enforcedText({ enforced, enforcedVersion }: Enforcing): string | null {
  return enforced === null || enforcedVersion === null ? enforced : `${enforced} of v${enforcedVersion}`;
}

/**
 * The command that makes a namespace enforce a level, by the rules by which it was found to pass: a label that pins older ones is
 * set anew.
 */
export function labelCommand({
  name,
  level,
  enforcedVersion,
}: Pick<NamespaceItem, 'name' | 'enforcedVersion'> & {
  readonly level: NonNullable<NamespaceItem['possible']>;
}): string {
  const label = 'pod-security.kubernetes.io/enforce';
  const version = enforcedVersion === null ? '' : ` ${label}-version=latest`;
  return `kubectl label namespace ${name} ${label}=${level}${version} --overwrite`;
}
