import { defineControl } from '@bulwark/core';
import { roles, whyNotJudged } from './grants.ts';
import { wildcards } from './wildcards.ts';

export const rbacWildcardResources = defineControl({
  id: 'rbac-wildcard-resources',
  aliases: [
    'trivy:KSV-0046',
    'trivy:KSV-0112',
    'checkov:CKV_K8S_49',
    'kubescape:C-0187',
    'kube-linter:wildcard-in-rules',
    'kyverno:restrict-wildcard-resources',
  ],
  title: 'Roles must name the resources of API groups that can give more rights',
  problem: 'allow something on every resource of an API group that can give more rights',
  message: '{resource} allows {verbs} on every resource of {groups}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'In the core group a wildcard for resources includes Secrets, pods/exec and serviceaccounts/token; in the groups of workloads, roles, webhooks and certificates it includes what gives its holder further rights. Nobody who reads the rule sees that, and a new version can add to it.',
  remediation:
    "List the resources that are needed. A role that shall only look leaves out secrets, as the cluster role view does. A wildcard over an operator's own API group is not reported here.",
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources',
  ],
  attack: ['T1552.007', 'T1098.006'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) => wildcards(view, 'resources'),
});
