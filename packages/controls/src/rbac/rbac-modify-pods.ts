import { defineControl } from '@bulwark/core';
import { resourceViolations, roles, whyNotJudged } from './grants.ts';

export const rbacModifyPods = defineControl({
  id: 'rbac-modify-pods',
  aliases: [],
  title: 'Roles must not allow changing any pod',
  problem: 'allow changing any pod',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    "Whoever changes a running pod can exchange the image of a container and so run code under the pod's identity. New labels take a pod out of its NetworkPolicies or put it behind another Service; a written status says that a pod is ready, or has an address, when it is not so.",
  remediation:
    'Remove update and patch on pods and pods/status. Changes of a workload go through its template, and controllers that only mark pods can mark their own objects instead.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
    'https://kubernetes.io/docs/concepts/workloads/pods/#pod-update-and-replacement',
  ],
  attack: ['T1610', 'T1565'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [
      { verbs: ['update', 'patch'], groups: [''], resources: ['pods', 'pods/status'] },
    ]),
});
