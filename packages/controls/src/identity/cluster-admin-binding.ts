import { defineControl } from '@bulwark/core';
import { atSubjects, bindsClusterRole, clusterBindings, removeSubject, whyBuiltIn } from './bindings.ts';
import { isMachine } from './subject-classes.ts';

export const clusterAdminBinding = defineControl({
  id: 'cluster-admin-binding',
  aliases: [
    'trivy:KSV-0111',
    'kubescape:C-0035',
    'kubescape:C-0185',
    'kube-linter:cluster-admin-role-binding',
    'polaris:clusterrolebindingClusterAdmin',
    'kyverno:restrict-binding-clusteradmin',
  ],
  title: 'Service accounts must not be cluster administrators',
  problem: 'make a service account, or everybody, a cluster administrator',
  message: '{resource} gives cluster-admin to {subject}.',
  severity: 'critical',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The role cluster-admin allows everything, in every namespace. The token of a service account lies in a file of each pod that runs as it, so one flaw in one of these pods, or the right to create a pod beside them, gives the cluster away.',
  remediation:
    'Remove the subject, or bind a ClusterRole that lists what it does. To learn that, read the audit log for the account, or the documentation of the software. Tools that deploy other software can often be limited to the namespaces they serve, with a RoleBinding in each.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles',
  ],
  attack: ['T1078', 'T1098.006'],
  refines: [
    'rbac-anonymous-binding',
    'rbac-authenticated-binding',
    'rbac-dashboard-access',
    'rbac-default-sa-binding',
  ],
  fix: removeSubject,
  appliesTo: clusterBindings,
  looks: 'object',
  reads: [],
  notApplicable: whyBuiltIn,
  *evaluate(view) {
    if (bindsClusterRole(view.resource, 'cluster-admin')) yield* atSubjects(view, isMachine);
  },
});
