import { defineControl } from '@bulwark/core';
import { type Power, resourceViolations, roles, whyNotJudged } from './grants.ts';
import { onTemplates } from './workload-resources.ts';

const VERBS = ['delete', 'deletecollection'];
const DESTRUCTION: readonly Power[] = [
  ...onTemplates(VERBS),
  { verbs: VERBS, groups: [''], resources: ['namespaces', 'persistentvolumeclaims', 'persistentvolumes'] },
];

export const rbacDeleteWorkloads = defineControl({
  id: 'rbac-delete-workloads',
  aliases: ['kubescape:C-0007'],
  title: 'Roles must not allow deleting any workload or data',
  problem: 'allow deleting any workload, volume claim or namespace',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'medium',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Whoever may delete workloads, the claims of their volumes or whole namespaces can stop the service and destroy its data, by mistake as well as on purpose. deletecollection does it for a namespace with one request.',
  remediation:
    'Leave out delete and deletecollection where the holder only has to deploy or watch. An operator deletes what it owns by owner references: the garbage collector does it and needs no right of the operator.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
    'https://kubernetes.io/docs/concepts/architecture/garbage-collection/#owners-dependents',
  ],
  attack: ['T1485', 'T1489'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) => resourceViolations(view, DESTRUCTION),
});
