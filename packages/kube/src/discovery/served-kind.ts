import { type GroupKind, groupKindOf } from '@bulwark/core';

/** A kind that a cluster serves, in the version that it prefers. */
export interface ServedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Its name in paths and in RBAC rules. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly groupKind: GroupKind;
  /** Whether changes can be watched; otherwise the kind can only be listed. */
  readonly canWatch: boolean;
}

/** What a cluster serves. */
export interface Discovery {
  /** Every kind that can be listed. */
  readonly kinds: readonly ServedKind[];
  /**
   * API groups, with version, whose server does not say what it serves, such as `v1` and `apps/v1`; `apps/*` where not even
   * its versions are known. What is known of them may be missing above.
   */
  readonly unknown: readonly string[];
}

/** The path of all objects of a kind, or of those in a namespace. */
export function pathOfKind(
  kind: Pick<ServedKind, 'group' | 'version' | 'resource'>,
  namespace?: string,
): string {
  const { group, version, resource } = kind;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace === undefined ? `${root}/${resource}` : `${root}/namespaces/${namespace}/${resource}`;
}

/** A group and its version as objects name them, such as `apps/v1`, and `v1` for the core group. */
export function apiVersionOf({ group, version }: Pick<ServedKind, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** One resource of a group's version, as both forms of discovery give it. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** The kinds of resources, each in the version that comes first, without those that cannot be listed. */
export function kindsOf(resources: readonly ServedResource[]): ServedKind[] {
  const kinds = new Map<GroupKind, ServedKind>();
  for (const { verbs, ...served } of resources) {
    const groupKind = groupKindOf(served.group, served.kind);
    const isSubresource = served.resource.includes('/');
    if (isSubresource || !verbs.includes('list') || kinds.has(groupKind)) continue;
    kinds.set(groupKind, { ...served, groupKind, canWatch: verbs.includes('watch') });
  }
  return [...kinds.values()];
}

/** Whether it is open what a group serves, given the groups that do not say. The core group is a version alone. */
export function isUnknown(group: string, unknown: readonly string[]): boolean {
  return unknown.some((each) => (group === '' ? !each.includes('/') : each.startsWith(`${group}/`)));
}
