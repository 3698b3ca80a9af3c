import type { NamespaceItem } from '@bulwark/api';

const LEVELS = ['privileged', 'baseline', 'restricted'] as const;

/** What the Pod Security level of a namespace comes to: pods are refused, more could be enforced, or it is as strict as it can be. */
export type Enforcement = 'refuses' | 'chance' | 'fits';

/** Refusing what runs is worse than refusing too little, so that it is said first. */
export function enforcementOf({
  enforced,
  possible,
  refusedCount,
}: Pick<NamespaceItem, 'enforced' | 'possible' | 'refusedCount'>): Enforcement {
  if (refusedCount > 0) return 'refuses';
  return LEVELS.indexOf(possible) > LEVELS.indexOf(enforced ?? 'privileged') ? 'chance' : 'fits';
}

/** The command that makes a namespace enforce a level. */
export function labelCommand(namespace: string, level: NamespaceItem['possible']): string {
  return `kubectl label namespace ${namespace} pod-security.kubernetes.io/enforce=${level} --overwrite`;
}
