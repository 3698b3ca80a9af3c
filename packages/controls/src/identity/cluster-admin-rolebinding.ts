import { ROLE_BINDING } from '@bulwark/analyses';
import { defineControl, kinds } from '@bulwark/core';
import { atSubjects, bindsClusterRole, removeSubject, whyBuiltIn } from './bindings.ts';

export const clusterAdminRolebinding = defineControl({
  id: 'cluster-admin-rolebinding',
  aliases: ['polaris:rolebindingClusterAdminClusterRole', 'kyverno:restrict-binding-clusteradmin'],
  title: 'Role bindings must not give cluster-admin in a namespace',
  problem: 'give cluster-admin in a namespace',
  message: '{resource} gives {subject} everything in its namespace.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'In a RoleBinding, cluster-admin means every verb on every resource of the namespace: its secrets, its pods, its own bindings, its quotas and network policies, and whatever kinds are installed later. Nothing that limits the namespace from inside binds such a subject.',
  remediation:
    'Bind admin instead, which leaves quotas and the namespace itself to the platform, or edit. For a tool that deploys, write a Role with the kinds that it deploys.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  ],
  attack: ['T1078'],
  fix: removeSubject,
  appliesTo: kinds(ROLE_BINDING),
  looks: 'object',
  reads: [],
  notApplicable: whyBuiltIn,
  *evaluate(view) {
    if (bindsClusterRole(view.resource, 'cluster-admin')) yield* atSubjects(view, () => true);
  },
});
