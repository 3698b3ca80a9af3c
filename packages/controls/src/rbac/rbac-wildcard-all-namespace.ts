import { defineControl } from '@bulwark/core';
import { namespacedRoles, whyNotJudged } from './grants.ts';
import { wildcards } from './wildcards.ts';

export const rbacWildcardAllNamespace = defineControl({
  id: 'rbac-wildcard-all-namespace',
  aliases: [
    'trivy:KSV-0044',
    'trivy:KSV-0112',
    'checkov:CKV_K8S_49',
    'kubescape:C-0187',
    'kube-linter:wildcard-in-rules',
    'kyverno:restrict-wildcard-verbs',
    'kyverno:restrict-wildcard-resources',
  ],
  title: 'Roles must not allow everything in their namespace',
  problem: 'allow every verb on every resource of their namespace',
  message: '{resource} allows every verb on every resource of namespace {namespace}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Whoever holds the role owns the namespace: its Secrets, the rights of all its service accounts, and pods of any kind, which lead to the node where Pod Security does not stop them. It also covers resources that are installed later, and roles, where the wildcard includes the verb escalate.',
  remediation:
    'List the API groups, resources and verbs that are needed. For people who run a namespace, bind the cluster role admin or edit there instead: these allow no change of quotas and no writing of rights that their holder lacks.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles',
  ],
  attack: ['T1078', 'T1098.006'],
  appliesTo: namespacedRoles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) => wildcards(view, 'everything'),
});
