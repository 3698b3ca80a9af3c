/** A kind with its API group, without version: `apps/Deployment`, or `Pod` for the core group. */
export type GroupKind = string;

/** The API group of an `apiVersion`, empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Joins group and kind: `apps/Deployment`, or the kind alone for the core group. */
export function groupKindOf(group: string, kind: string): GroupKind {
  return group === '' ? kind : `${group}/${kind}`;
}
