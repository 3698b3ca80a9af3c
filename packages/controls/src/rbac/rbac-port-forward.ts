import { defineControl } from '@bulwark/core';
import { connectVerbs } from './connect-verbs.ts';
import { resourceViolations, roles, whyNotJudged } from './grants.ts';
import { dropResource } from './less-rights.ts';

export const rbacPortForward = defineControl({
  id: 'rbac-port-forward',
  aliases: ['kubescape:C-0063'],
  title: 'Roles must not allow opening connections into pods',
  problem: 'allow opening connections into pods',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A forwarded port, or the proxy of pods and services, reaches what listens in a pod through the API server: past NetworkPolicies, and with portforward also what listens on the loopback address because it asks for no password.',
  remediation:
    'Remove these subresources. For debugging give them to people for a limited time and in one namespace.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources',
  ],
  attack: ['T1090'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  fix: dropResource('Whatever uses the role to reach ports of pods can no longer do so.'),
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [
      { verbs: connectVerbs(view), groups: [''], resources: ['pods/portforward'] },
      {
        verbs: ['get', 'create', 'update', 'patch', 'delete'],
        groups: [''],
        resources: ['pods/proxy', 'services/proxy'],
      },
    ]),
});
