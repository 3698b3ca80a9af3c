import { limitRangeDefaults, verticalAutoscalers } from '@bulwark/analyses';
import { containers, defineControl } from '@bulwark/core';
import { isRequested, requestPath } from './container-resources.ts';
import { whyNotReserving } from './reserving-containers.ts';

export const cpuRequestMissing = defineControl({
  id: 'cpu-request-missing',
  aliases: [
    'trivy:KSV-0015',
    'kubescape:C-0268',
    'kubescape:C-0050',
    'checkov:CKV_K8S_10',
    'kube-linter:unset-cpu-requirements',
    'kube-score:container-resources',
    'polaris:cpuRequestsMissing',
    'kyverno:require-requests-limits',
    'kubesec:RequestsCPU',
  ],
  title: 'Containers must request CPU',
  problem: 'request no CPU',
  message: 'In {resource}, the container {container} requests no CPU.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The request is what the scheduler reserves and what a container keeps when its node is busy. Without one, the pod is placed as if it needed nothing, and a busy neighbour, or one made busy by an attacker, leaves it almost no time on the CPU.',
  remediation:
    'Set requests.cpu in the resources of the container to what it uses on an ordinary day. A LimitRange can give a namespace a default, and a VerticalPodAutoscaler can set it for a workload.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    'https://kubernetes.io/docs/concepts/policy/limit-range/',
  ],
  attack: ['T1499'],
  appliesTo: containers,
  looks: 'world',
  reads: [limitRangeDefaults, verticalAutoscalers],
  notApplicable: whyNotReserving,
  *evaluate(view) {
    if (!isRequested(view, 'cpu')) yield view.at(requestPath(view, 'cpu'));
  },
});
