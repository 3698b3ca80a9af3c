import { containers, defineControl, integerParam } from '@bulwark/core';
import { idBelow } from './numeric-ids.ts';
import { whyNotLinux } from './windows-pods.ts';

export const highGroupId = defineControl({
  id: 'high-group-id',
  aliases: ['trivy:KSV-0021', 'kube-score:container-security-context-user-group-id'],
  title: 'Containers must run as a group with a high number',
  problem: 'run as a group with a low number, or one that the image chooses',
  message: 'In {resource}, {where} {state}.',
  severity: 'info',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Low group numbers belong to the node, and a user without a group in its image gets the group root. A process that leaves its container opens there what its group may open; a number that the node gives to nobody opens nothing.',
  remediation:
    'Set securityContext.runAsGroup on the pod to a number that no node uses, and give that group the files it needs. Where every pod has a user namespace (hostUsers: false), the number does not matter.',
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  attack: ['T1611'],
  params: {
    minimum: integerParam('The lowest group number that is allowed.', { default: 10_000, minimum: 1 }),
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNotLinux('runAsGroup'),
  evaluate: (view) => idBelow(view, 'runAsGroup', view.params.minimum),
});
