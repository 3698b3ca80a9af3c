import { defineControl } from '@bulwark/core';
import { resourceViolations, roles, whyNotJudged } from './grants.ts';
import { dropResource } from './less-rights.ts';

export const rbacServiceStatus = defineControl({
  id: 'rbac-service-status',
  aliases: ['checkov:CKV2_K8S_4'],
  title: 'Roles must not allow writing the status of Services',
  problem: 'allow writing the status of Services',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The address of a load balancer is in the status of its Service, and every node sends traffic for that address to the Service. Whoever writes it takes over traffic to any address outside the cluster, as in CVE-2020-8554.',
  remediation:
    'Only the controller of load balancers needs this right. Remove services/status from every other role.',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/97076',
    'https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer',
  ],
  attack: ['T1557'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  fix: dropResource('A controller of load balancers can no longer announce their addresses.'),
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [{ verbs: ['update', 'patch'], groups: [''], resources: ['services/status'] }]),
});
