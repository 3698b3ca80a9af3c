import { type Facts, isBuiltInGroup, type ObjectView, type Path, type Violation } from '@bulwark/core';
import { type WrittenRule, writtenRules } from './grants.ts';

/**
 * How far a rule with a `*` reaches. Every rule is of one sort only, so that a `*` is one finding: `everything`; the
 * `resources` of a group that holds what gives more rights; every one of the `verbs` on resources of Kubernetes; and
 * `other`, such as an operator's own group.
 */
export type WildcardSort = 'everything' | 'resources' | 'verbs' | 'other';

/** Whoever may write all resources of one of these can get further rights: run code, admit objects, change roles. */
const GROUPS_THAT_GIVE_RIGHTS = new Set([
  '*',
  '',
  'apps',
  'batch',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'certificates.k8s.io',
  'rbac.authorization.k8s.io',
  'security.openshift.io',
]);

const READING = new Set(['get', 'list', 'watch']);

interface Wildcard {
  readonly sort: WildcardSort;
  readonly path: Path;
}

function sortOf({ rule }: WrittenRule): WildcardSort {
  const { verbs, apiGroups, resources } = rule;
  const [allVerbs, allResources] = [verbs.includes('*'), resources.includes('*')];
  if (rule.resourceNames.length > 0) return 'other';
  if (allVerbs && allResources && apiGroups.includes('*')) return 'everything';
  // Secrets are in the core group, so there reading everything is enough.
  const isRead = allResources && apiGroups.some((group) => group === '*' || group === '');
  const isWritten =
    allResources &&
    apiGroups.some((group) => GROUPS_THAT_GIVE_RIGHTS.has(group)) &&
    verbs.some((verb) => !READING.has(verb));
  if (isRead || isWritten) return 'resources';
  return allVerbs && apiGroups.some((group) => group === '*' || isBuiltInGroup(group)) ? 'verbs' : 'other';
}

/** The `*` of a rule about resources, where it stands and how far it reaches; undefined where a rule has none. */
function wildcardOf(written: WrittenRule): Wildcard | undefined {
  const verb = written.verbs.find(([, text]) => text === '*');
  const resource = written.resources.find(([, text]) => text === '*');
  if (written.resources.length === 0 || (verb ?? resource) === undefined) return undefined;
  const sort = sortOf(written);
  if (verb !== undefined && (sort === 'verbs' || resource === undefined))
    return { sort, path: [...written.path, 'verbs', verb[0]] };
  return resource && { sort, path: [...written.path, 'resources', resource[0]] };
}

function groupName(group: string): string {
  if (group === '*') return 'every API group';
  return group === '' ? 'the core API group' : group;
}

/** Where a rule has a `*` of this sort, and the facts of it; undefined where it has none. */
export function wildcardFacts(
  written: WrittenRule,
  sort: WildcardSort,
): { readonly path: Path; readonly facts: Facts } | undefined {
  const wildcard = wildcardOf(written);
  if (wildcard?.sort !== sort) return undefined;
  const { verbs, resources, apiGroups } = written.rule;
  return {
    path: wildcard.path,
    facts: {
      verbs: verbs.includes('*') ? 'every verb' : [...new Set(verbs)],
      target: resources.includes('*') ? 'every resource' : [...new Set(resources)],
      groups: [...new Set(apiGroups.map(groupName))],
    },
  };
}

/** A violation for every rule of a role with a `*` of this sort. */
export function* wildcards({ resource, at }: ObjectView, sort: WildcardSort): Iterable<Violation> {
  for (const written of writtenRules(resource.object)) {
    const wildcard = wildcardFacts(written, sort);
    if (wildcard !== undefined) yield at(wildcard.path, { ...wildcard.facts, namespace: resource.namespace });
  }
}
