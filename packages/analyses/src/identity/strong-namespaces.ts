import type { Analysis } from '@bulwark/core';
import { effectiveRules } from './effective-rules.ts';
import { serviceAccountPower } from './service-account-power.ts';
import { type Subject, subjectKey } from './subjects.ts';

/** Namespaces with service accounts that can take the cluster: whoever runs pods there can, too. */
export interface StrongNamespaces {
  /** The names of those service accounts, in their order. */
  accountsIn(namespace: string): readonly string[];
  /** Whether a subject has such rights itself, so that others' give it nothing. */
  isStrong(subject: Subject): boolean;
}

/**
 * Finds the service accounts that bindings name and that can take the cluster; see `serviceAccountPower`. Rights given
 * to groups of service accounts count for the accounts that are named somewhere.
 *
 * Cost: the rules of every subject, once.
 */
export const strongNamespaces: Analysis<StrongNamespaces> = {
  id: 'strong-namespaces',
  reads: [effectiveRules, serviceAccountPower],
  compute(world) {
    const power = world.get(serviceAccountPower);
    const accounts = new Map<string, string[]>();
    const strong = new Set<string>(['group:system:masters']);
    for (const subject of world.get(effectiveRules).subjects) {
      if (power.takeovers(subject).length === 0) continue;
      strong.add(subjectKey(subject));
      if (subject.kind !== 'ServiceAccount') continue;
      const names = accounts.get(subject.namespace);
      if (names === undefined) accounts.set(subject.namespace, [subject.name]);
      else names.push(subject.name);
    }
    for (const names of accounts.values()) names.sort();
    return {
      accountsIn: (namespace) => accounts.get(namespace) ?? [],
      isStrong: (subject) => strong.has(subjectKey(subject)),
    };
  },
};
