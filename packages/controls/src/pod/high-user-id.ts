import { containers, defineControl, integerParam } from '@bulwark/core';
import { idBelow } from './numeric-ids.ts';
import { whyNotLinux } from './windows-pods.ts';

export const highUserId = defineControl({
  id: 'high-user-id',
  aliases: [
    'trivy:KSV-0020',
    'checkov:CKV_K8S_40',
    'kube-score:container-security-context-user-group-id',
    'kubesec:RunAsUser',
  ],
  title: 'Containers must run as a user with a high number',
  problem: 'run as a user with a low number, or one that the image chooses',
  message: 'In {resource}, {where} {state}.',
  severity: 'info',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Low user numbers belong to people and services of the node. A process that leaves its container with such a number owns the files of that user there; one with a number that the node gives to nobody owns nothing.',
  remediation:
    'Set securityContext.runAsUser on the pod to a number that no node uses, and give that user the files it must write. Where every pod has a user namespace (hostUsers: false), the number does not matter.',
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  attack: ['T1611'],
  params: {
    minimum: integerParam('The lowest user number that is allowed.', { default: 10_000, minimum: 1 }),
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNotLinux('runAsUser'),
  evaluate: (view) => idBelow(view, 'runAsUser', view.params.minimum),
});
