import { defineControl } from '@bulwark/core';
import { resourceViolations, roles, whyNotJudged } from './grants.ts';
import { dropResource } from './less-rights.ts';

export const rbacEphemeralContainers = defineControl({
  id: 'rbac-ephemeral-containers',
  aliases: [],
  title: 'Roles must not allow adding ephemeral containers to pods',
  problem: 'allow adding ephemeral containers to pods',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "An ephemeral container joins a running pod with an image of the holder's choice. It sees the pod's network, can mount its volumes and join its processes, and may ask for privileges that the pod's own containers do not have.",
  remediation:
    'Remove pods/ephemeralcontainers, or give it to people for a limited time and in one namespace. Enforce a Pod Security Standard there: admission checks ephemeral containers as well.',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
  ],
  attack: ['T1609', 'T1610'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  fix: dropResource('Whatever uses the role to debug running pods can no longer do so.'),
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [
      { verbs: ['update', 'patch'], groups: [''], resources: ['pods/ephemeralcontainers'] },
    ]),
});
