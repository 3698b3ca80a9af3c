import { CLUSTER_ROLE, ROLE, ROLE_BINDING, type Rule, roleRules } from '@bulwark/analyses';
import { defineControl, type ObjectView } from '@bulwark/core';
import { atSubjects, bindings, boundRole, namedSubjects, removeSubject, whyBuiltIn } from './bindings.ts';
import { areElevated, PUBLIC_CLUSTER_ROLES } from './public-roles.ts';
import { isEverybody } from './subject-classes.ts';

/** Roles of every cluster that show or change what namespaces hold; files rarely have them. */
const BUILT_IN = new Set(['cluster-admin', 'admin', 'edit', 'view']);
/** OpenShift gives these to everybody; self-provisioner has a control of its own. */
const OF_OPENSHIFT = new Set(['basic-user', 'self-access-reviewer', 'cluster-status', 'self-provisioner']);

function rulesOf({ resource, world }: ObjectView): readonly Rule[] | undefined {
  const { kind, name } = boundRole(resource);
  const isLocal = kind === 'Role' && resource.groupKind === ROLE_BINDING;
  const role = isLocal ? world.find(ROLE, resource.namespace, name) : world.find(CLUSTER_ROLE, '', name);
  return role && world.get(roleRules).rulesOf(role);
}

/** Undefined: the role is not among the objects, so nobody knows. */
function isElevated(view: ObjectView): boolean | undefined {
  const { kind, name } = boundRole(view.resource);
  if (kind === 'ClusterRole') {
    if (OF_OPENSHIFT.has(name)) return false;
    if (BUILT_IN.has(name)) return true;
  }
  const rules = rulesOf(view);
  if (rules !== undefined) return areElevated(rules);
  return kind === 'ClusterRole' && PUBLIC_CLUSTER_ROLES.has(name) ? false : undefined;
}

export const rbacAuthenticatedBinding = defineControl({
  id: 'rbac-authenticated-binding',
  aliases: ['kubescape:C-0265', 'kyverno:restrict-binding-system-groups'],
  title: 'Roles must not be given to everybody who has a credential',
  problem: 'give rights to everybody who has a credential',
  message: '{resource} gives {role} to {subject}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Every user and every pod with a token is in system:authenticated, and every pod in system:serviceaccounts. On managed clusters the first group can reach far beyond the team: where the provider is the identity provider, it may hold anybody with an account there. A role bound to such a group is the first thing that an attacker in any pod holds.',
  remediation:
    'Bind the role to the group or the service accounts that need it. Roles that only read what is no secret may stay: this control leaves them alone.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#service-account-permissions',
  ],
  attack: ['T1078'],
  fix: removeSubject,
  appliesTo: bindings,
  looks: 'world',
  reads: [roleRules, ROLE, CLUSTER_ROLE],
  notApplicable(view) {
    const builtIn = whyBuiltIn(view);
    if (builtIn !== undefined) return builtIn;
    return namedSubjects(view.resource).some(isEverybody) && isElevated(view) === undefined
      ? 'The role is not among the objects.'
      : undefined;
  },
  *evaluate(view) {
    if (isElevated(view) === true) yield* atSubjects(view, isEverybody);
  },
});
