import { defineControl } from '@bulwark/core';
import { connectVerbs } from './connect-verbs.ts';
import { resourceViolations, roles, whyNotJudged } from './grants.ts';
import { dropResource } from './less-rights.ts';

export const rbacPodExec = defineControl({
  id: 'rbac-pod-exec',
  aliases: [
    'trivy:KSV-0053',
    'kubescape:C-0002',
    'checkov:CKV2_K8S_2',
    'polaris:rolePodExecAttach',
    'polaris:clusterrolePodExecAttach',
  ],
  title: 'Roles must not allow running commands in containers',
  problem: 'allow running commands in containers',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "Whoever may create pods/exec runs commands in any container it covers, with that container's files, Secrets, network and service account. No image, admission rule or rollout stands in between.",
  remediation:
    'Remove pods/exec. For debugging give it to people for a limited time, in one namespace, and to no service account. Where it is the purpose, as with a CI runner, keep it to a namespace that holds nothing else.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources',
  ],
  attack: ['T1609'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  fix: dropResource('Whatever uses the role to run commands in containers can no longer do so.'),
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [{ verbs: connectVerbs(view), groups: [''], resources: ['pods/exec'] }]),
});
