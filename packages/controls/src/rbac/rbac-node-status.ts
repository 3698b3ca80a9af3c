import { defineControl } from '@bulwark/core';
import { clusterRoles, resourceViolations, whyNotJudged } from './grants.ts';

export const rbacNodeStatus = defineControl({
  id: 'rbac-node-status',
  aliases: [],
  title: 'Cluster roles must not allow changing nodes',
  problem: 'allow changing nodes',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Whoever changes labels, taints and status of nodes decides where pods go. An attacker on one node can draw them there from all others, with the Secrets and service accounts that they carry.',
  remediation:
    'Keep it to the agents that need it: network plug-ins, autoscalers, device plug-ins. The kubelet needs no such role, for the node authorizer gives it its own node.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/node/',
    'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction',
  ],
  attack: ['T1610'],
  appliesTo: clusterRoles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [
      { verbs: ['update', 'patch'], groups: [''], resources: ['nodes', 'nodes/status'] },
      { verbs: ['delete', 'deletecollection'], groups: [''], resources: ['nodes'] },
    ]),
});
