import { defineControl } from '@bulwark/core';
import { roles, whyNotJudged } from './grants.ts';
import { wildcards } from './wildcards.ts';

export const rbacWildcardOther = defineControl({
  id: 'rbac-wildcard-other',
  aliases: [
    'trivy:KSV-0045',
    'trivy:KSV-0046',
    'trivy:KSV-0112',
    'checkov:CKV_K8S_49',
    'kubescape:C-0187',
    'kube-linter:wildcard-in-rules',
  ],
  title: 'Roles must name verbs and resources of every API group',
  problem: 'use a wildcard where it gives no further rights',
  message: '{resource} allows {verbs} on {target} of {groups}.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'A wildcard over custom resources, or over named objects, gives no rights over the cluster by itself. It still allows what a later version of the group adds, and hides what is needed.',
  remediation: 'List the verbs and resources that are needed.',
  references: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege'],
  attack: [],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) => wildcards(view, 'other'),
});
