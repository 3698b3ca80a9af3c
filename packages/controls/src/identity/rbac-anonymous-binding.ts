import { defineControl } from '@bulwark/core';
import { atSubjects, bindings, boundRole, removeSubject, whyBuiltIn } from './bindings.ts';
import { PUBLIC_CLUSTER_ROLES } from './public-roles.ts';
import { isAnonymous } from './subject-classes.ts';

/** kubeadm lets nodes that join read the address and certificate of the cluster, without a credential yet. */
const CLUSTER_INFO = 'kubeadm:bootstrap-signer-clusterinfo';

export const rbacAnonymousBinding = defineControl({
  id: 'rbac-anonymous-binding',
  aliases: ['trivy:KSV-0122', 'kubescape:C-0262', 'kyverno:restrict-binding-system-groups'],
  title: 'Roles must not be given to anonymous users',
  problem: 'give a role to anonymous users',
  message: '{resource} gives {role} to {subject}, which needs no credential.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Whoever reaches the port of the API server has the rights of system:anonymous, and the server is often open to the internet. Nothing tells one caller from another afterwards.',
  remediation:
    'Remove the subject. Give the callers a service account or a certificate of their own and bind that. Health checks need no binding: the role system:public-info-viewer already allows them.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles',
  ],
  attack: ['T1078.001', 'T1613'],
  fix: removeSubject,
  appliesTo: bindings,
  looks: 'object',
  reads: [],
  notApplicable: whyBuiltIn,
  *evaluate(view) {
    const { resource } = view;
    const role = boundRole(resource);
    if (role.kind === 'ClusterRole' && PUBLIC_CLUSTER_ROLES.has(role.name)) return;
    if (
      resource.name === CLUSTER_INFO &&
      resource.namespace === 'kube-public' &&
      role.kind === 'Role' &&
      role.name === CLUSTER_INFO
    )
      return;
    yield* atSubjects(view, isAnonymous);
  },
});
