import { defineControl, type Resource } from '@bulwark/core';
import {
  atSubjects,
  bindsClusterRole,
  clusterBindings,
  namedSubjects,
  subjectText,
  whyBuiltIn,
} from './bindings.ts';
import { isPerson } from './subject-classes.ts';

/** Installers bind these for whoever installed the cluster: the binding, and its subject. */
const OF_INSTALLERS = new Map([
  ['kubeadm:cluster-admins', 'Group kubeadm:cluster-admins'],
  ['aks-cluster-admin-binding', 'User clusterAdmin'],
]);

function isOfInstaller(binding: Resource): boolean {
  const subject = OF_INSTALLERS.get(binding.name);
  return subject !== undefined && namedSubjects(binding).every((each) => subjectText(each) === subject);
}

export const clusterAdminPeopleBinding = defineControl({
  id: 'cluster-admin-people-binding',
  aliases: [
    'trivy:KSV-0111',
    'kubescape:C-0035',
    'kubescape:C-0185',
    'kube-linter:cluster-admin-role-binding',
    'polaris:clusterrolebindingClusterAdmin',
    'kyverno:restrict-binding-clusteradmin',
  ],
  title: 'Users and groups must not be cluster administrators all the time',
  problem: 'make users or groups cluster administrators',
  message: '{resource} gives cluster-admin to {subject}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Somebody has to administer a cluster, but a person who always holds every right also holds it while reading mail, and a stolen session is then a stolen cluster. A mistake of the hand reaches as far.',
  remediation:
    'Give people the rights of their daily work, and let them take cluster-admin for a while when they need it: through an identity provider that adds them to the group for hours, or with a role that may impersonate an administrator, which the audit log records. Keep the group small, and accept this finding for it.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
    'https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/',
  ],
  attack: ['T1078'],
  appliesTo: clusterBindings,
  looks: 'object',
  reads: [],
  notApplicable: (view) =>
    isOfInstaller(view.resource) ? 'The installer of the cluster makes it.' : whyBuiltIn(view),
  *evaluate(view) {
    if (bindsClusterRole(view.resource, 'cluster-admin')) yield* atSubjects(view, isPerson);
  },
});
