import { defineControl } from '@bulwark/core';
import { resourceViolations, roles, whyNotJudged } from './grants.ts';

export const rbacDeleteEvents = defineControl({
  id: 'rbac-delete-events',
  aliases: ['kubescape:C-0031'],
  title: 'Roles must not allow deleting events',
  problem: 'allow deleting events',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Events show what was started, killed or refused, and are often the first trace of an attack. They expire by themselves within hours, so hardly anybody has a reason to delete them.',
  remediation:
    'Remove delete and deletecollection for events. Collect the audit log as well: no right in the cluster reaches it.',
  references: [
    'https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
  ],
  attack: ['T1070'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [
      { verbs: ['delete', 'deletecollection'], groups: ['', 'events.k8s.io'], resources: ['events'] },
    ]),
});
