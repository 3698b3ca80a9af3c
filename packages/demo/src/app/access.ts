import type { JsonObject } from '@bulwark/core';
import { halves } from './pod-template.ts';

const RBAC = 'rbac.authorization.k8s.io';

/**
 * Rights as `VERBS GROUP:RESOURCES`, the core group as `core`: `get,list apps:deployments,statefulsets`. Names follow a `=`:
 * `get core:secrets=web-tls`.
 */
export type Right = `${string} ${string}:${string}`;

/** A Role or ClusterRole. */
export interface RoleSpec {
  /** `namespace/name`, or a name alone for a ClusterRole. */
  readonly role: string;
  readonly rights: readonly Right[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** A RoleBinding or ClusterRoleBinding. */
export interface BindingSpec {
  /** `namespace/name`, or a name alone for a ClusterRoleBinding. */
  readonly binding: string;
  /** `namespace/name` for a Role, a name alone for a ClusterRole. */
  readonly role: string;
  /** `sa:namespace/name`, `group:name` or `user:name`. */
  readonly to: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A rule of a role from its short form. */
export function ruleOf(right: Right): JsonObject {
  const [verbs, what] = halves(right, ' ');
  const [group, rest] = halves(what, ':');
  const [resources, names] = halves(rest, '=');
  return {
    verbs: verbs.split(','),
    apiGroups: [group === 'core' ? '' : group],
    resources: resources.split(','),
    ...(names !== '' && { resourceNames: names.split(',') }),
  };
}

/** The object of a role. */
export function roleObject({ role, rights, labels }: RoleSpec): JsonObject {
  const [kind, metadata] = placed(role, 'Role');
  return {
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata: { ...metadata, ...(labels !== undefined && { labels }) },
    rules: rights.map(ruleOf),
  };
}

/** The object of a binding. */
export function bindingObject({ binding, role, to, annotations }: BindingSpec): JsonObject {
  const [kind, metadata] = placed(binding, 'RoleBinding');
  const [roleKind, { name }] = placed(role, 'Role');
  return {
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata: { ...metadata, ...(annotations !== undefined && { annotations }) },
    roleRef: { apiGroup: RBAC, kind: roleKind, name },
    subjects: to.map(subjectOf),
  };
}

function placed(text: string, kind: string): [kind: string, metadata: { readonly name: string }] {
  if (!text.includes('/')) return [`Cluster${kind}`, { name: text }];
  const [namespace, name] = halves(text, '/');
  return [kind, { name, ...{ namespace } }];
}

function subjectOf(text: string): JsonObject {
  const [type, rest] = halves(text, ':');
  if (type === 'sa') {
    const [namespace, name] = halves(rest, '/');
    return { kind: 'ServiceAccount', name, namespace };
  }
  return { apiGroup: RBAC, kind: type === 'group' ? 'Group' : 'User', name: rest };
}
