import { canFitBoth, matchesPattern } from '@bulwark/core';

/** What somebody may see, as it was given. */
export interface Limits {
  readonly clusters: 'all' | readonly number[];
  /** Names of namespaces, and patterns with * for any characters, which also take namespaces that come later. */
  readonly namespaces: 'all' | readonly string[];
}

/**
 * Whether a namespace, or all that a pattern can stand for, lies within limits. The empty name, for which a pattern of stars
 * alone stands too, is what is in no namespace: that lies within no limits to namespaces.
 */
export function holdsNamespace({ namespaces }: Pick<Limits, 'namespaces'>, name: string): boolean {
  if (namespaces === 'all') return true;
  // Only a star takes a star, and it takes whatever that one stands for.
  return !matchesPattern(name, '') && namespaces.some((own) => matchesPattern(own, name));
}

/** Whether something of a namespace, or of a pattern, can lie within limits. */
export function meetsNamespace({ namespaces }: Pick<Limits, 'namespaces'>, name: string): boolean {
  return namespaces === 'all' || (name !== '' && namespaces.some((own) => canFitBoth(own, name)));
}

/** Whether all clusters of given limits are among one's own. */
export function holdsClusters({ clusters: own }: Limits, { clusters }: Limits): boolean {
  return own === 'all' || (clusters !== 'all' && clusters.every((id) => own.includes(id)));
}

/** Whether all namespaces of given limits lie within one's own. By a pattern of stars alone, limits take no empty name. */
export function holdsNamespaces(limits: Limits, { namespaces }: Limits): boolean {
  const own = limits.namespaces;
  if (own === 'all') return true;
  return (
    namespaces !== 'all' && namespaces.every((name) => own.includes(name) || holdsNamespace(limits, name))
  );
}
