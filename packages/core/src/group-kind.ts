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

/** Groups that an API server serves by itself; other groups under k8s.io name files that tools and components read. */
const BUILT_IN_GROUP =
  /^(|apps|batch|autoscaling|policy|extensions|(admissionregistration|apiextensions|apiregistration|auditregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|gateway\.networking|internal\.apiserver|lifecycle|metrics|networking|node|policy\.networking|rbac\.authorization|resource|scheduling|settings|snapshot\.storage|storage|storagemigration)\.k8s\.io)$/;

/** Whether a group is served by the API server itself, so that a kind without a namespace is in the default one. */
export function isBuiltInGroup(group: string): boolean {
  return BUILT_IN_GROUP.test(group);
}
