import { defineControl } from '@bulwark/core';
import { resourceViolations, roles, whyNotJudged } from './grants.ts';

export const rbacNamespaceWrite = defineControl({
  id: 'rbac-namespace-write',
  aliases: [],
  title: 'Roles must not allow changing namespaces',
  problem: 'allow changing namespaces',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The labels of a namespace hold its Pod Security level, and decide which admission webhooks and network policies apply to it. Whoever changes them switches these off. A Role is enough for the namespace that it is in.',
  remediation:
    'Remove update and patch on namespaces; let whoever creates namespaces set the labels. An admission policy can keep the labels pod-security.kubernetes.io/* from being changed.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#namespace-modification',
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
  ],
  attack: ['T1562'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [{ verbs: ['update', 'patch'], groups: [''], resources: ['namespaces'] }]),
});
