import { defineControl } from '@bulwark/core';
import { type Power, roles, verbViolations, whyNotJudged } from './grants.ts';
import { dropVerb } from './less-rights.ts';

const POWER: Power = {
  verbs: ['escalate'],
  groups: ['rbac.authorization.k8s.io'],
  resources: ['roles', 'clusterroles'],
  evenFor: (names) => names.includes('cluster-admin'),
};

export const rbacEscalate = defineControl({
  id: 'rbac-escalate',
  aliases: ['checkov:CKV_K8S_158', 'kubescape:C-0191', 'kyverno:restrict-escalation-verbs-roles'],
  title: 'Roles must not allow escalation of any role',
  problem: 'allow escalation of any role',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'critical',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'A role may only be given rights that its author holds, unless the author has the verb escalate. Together with the right to change roles it is enough to write any right into a role that is bound to the author already.',
  remediation:
    'Remove the verb escalate, and list verbs instead of *. A controller that writes roles for others should hold their rights itself, or bind fixed roles that are named in resourceNames.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping',
  ],
  attack: ['T1098.006'],
  refines: ['rbac-bind'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  fix: dropVerb('Whatever uses the role to write rules beyond its own rights can no longer do so.'),
  notApplicable: whyNotJudged,
  evaluate: (view) => verbViolations(view, [POWER]),
});
