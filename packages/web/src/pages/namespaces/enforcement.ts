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

/** The command that makes a namespace enforce a level. */
export function labelCommand(namespace: string, level: NonNullable<NamespaceItem['possible']>): string {
  return `kubectl label namespace ${namespace} pod-security.kubernetes.io/enforce=${level} --overwrite`;
}
