import { defineControl } from '@bulwark/core';
import { type Power, roles, verbViolations, whyNotJudged } from './grants.ts';
import { dropVerb } from './less-rights.ts';

const POWER: Power = {
  verbs: ['bind'],
  groups: ['rbac.authorization.k8s.io'],
  resources: ['roles', 'clusterroles'],
  evenFor: (names) => names.includes('cluster-admin'),
};

export const rbacBind = defineControl({
  id: 'rbac-bind',
  aliases: ['checkov:CKV_K8S_157', 'kubescape:C-0191', 'trivy:KSV-0051', 'trivy:KSV-0052'],
  title: 'Roles must not allow binding any role',
  problem: 'allow binding any role',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'A binding may only give what its author holds, unless the author has the verb bind. Together with the right to write bindings it gives any role there is, cluster-admin among them.',
  remediation:
    'Remove the verb bind. A controller that hands out certain roles names them in resourceNames, and cluster-admin is not one of them.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#bind-verb',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping',
  ],
  attack: ['T1098.006'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  fix: dropVerb('Whatever uses the role to bind roles whose rights it does not hold can no longer do so.'),
  notApplicable: whyNotJudged,
  evaluate: (view) => verbViolations(view, [POWER]),
});
