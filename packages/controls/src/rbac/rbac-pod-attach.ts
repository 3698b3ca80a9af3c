import { defineControl } from '@bulwark/core';
import { connectVerbs } from './connect-verbs.ts';
import { resourceViolations, roles, whyNotJudged } from './grants.ts';
import { dropResource } from './less-rights.ts';

export const rbacPodAttach = defineControl({
  id: 'rbac-pod-attach',
  aliases: ['trivy:KSV-0054', 'polaris:rolePodExecAttach', 'polaris:clusterrolePodExecAttach'],
  title: 'Roles must not allow attaching to containers',
  problem: 'allow attaching to containers',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Whoever may create pods/attach reads what the main process of a container prints and types into it. Where that process is a shell or an interpreter, it is the same as running commands.',
  remediation: 'Remove pods/attach. The right to read logs, pods/log, is enough to see the output.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources',
  ],
  attack: ['T1609'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  fix: dropResource('Whatever uses the role to attach to containers can no longer do so.'),
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [{ verbs: connectVerbs(view), groups: [''], resources: ['pods/attach'] }]),
});
