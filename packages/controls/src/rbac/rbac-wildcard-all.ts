import { defineControl } from '@bulwark/core';
import { clusterRoles, whyNotJudged } from './grants.ts';
import { wildcards } from './wildcards.ts';

export const rbacWildcardAll = defineControl({
  id: 'rbac-wildcard-all',
  aliases: [
    'trivy:KSV-0044',
    'checkov:CKV_K8S_49',
    'kubescape:C-0187',
    'kube-linter:wildcard-in-rules',
    'kyverno:restrict-wildcard-verbs',
    'kyverno:restrict-wildcard-resources',
  ],
  title: 'Cluster roles must not allow everything on everything',
  problem: 'allow every verb on every resource of every API group',
  message: '{resource} allows every verb on every resource of every API group.',
  severity: 'critical',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Three wildcards in one rule are cluster-admin under another name. Whoever holds the role reads every Secret, runs pods on every node and writes its own rights, and searches for cluster-admin do not find it.',
  remediation:
    "List the API groups, resources and verbs that are needed. The API server's audit log, or a tool that reads it, tells which those are. For a break-glass role use cluster-admin itself, so that its holders can be found.",
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles',
  ],
  attack: ['T1078', 'T1098.006'],
  appliesTo: clusterRoles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) => wildcards(view, 'everything'),
});
