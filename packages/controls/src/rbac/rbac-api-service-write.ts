import { defineControl } from '@bulwark/core';
import { clusterRoles, resourceViolations, whyNotJudged } from './grants.ts';

export const rbacApiServiceWrite = defineControl({
  id: 'rbac-api-service-write',
  aliases: [],
  title: 'Cluster roles must not allow registering API servers',
  problem: 'allow registering API servers',
  message: '{resource} allows {verbs} on {target}, whatever their names.',
  severity: 'high',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'An APIService sends the requests for an API group to a server of its own. Whoever writes one receives the objects that users send and read there, and can answer anything.',
  remediation:
    'Name the API services in resourceNames, with update and patch. The right to create cannot be limited by name: create them with the deployment instead.',
  references: ['https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/'],
  attack: ['T1557'],
  appliesTo: clusterRoles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [
      {
        verbs: ['create', 'update', 'patch'],
        groups: ['apiregistration.k8s.io'],
        resources: ['apiservices'],
      },
    ]),
});
