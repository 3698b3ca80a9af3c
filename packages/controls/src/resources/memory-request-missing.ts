import { limitRangeDefaults, verticalAutoscalers } from '@bulwark/analyses';
import { containers, defineControl } from '@bulwark/core';
import { isRequested, requestPath } from './container-resources.ts';
import { whyNotReserving } from './reserving-containers.ts';

export const memoryRequestMissing = defineControl({
  id: 'memory-request-missing',
  aliases: [
    'trivy:KSV-0016',
    'kubescape:C-0269',
    'kubescape:C-0004',
    'checkov:CKV_K8S_12',
    'kube-linter:unset-memory-requirements',
    'kube-score:container-resources',
    'polaris:memoryRequestsMissing',
    'kyverno:require-requests-limits',
    'kubesec:RequestsMemory',
  ],
  title: 'Containers must request memory',
  problem: 'request no memory',
  message: 'In {resource}, the container {container} requests no memory.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The request is what the scheduler reserves. Without one, the pod is placed on nodes that have no memory left for it, and it is among the first to be killed or evicted when the node runs out, whoever used the memory up.',
  remediation:
    'Set requests.memory in the resources of the container to what it needs in steady operation. A LimitRange can give a namespace a default, and a VerticalPodAutoscaler can set it for a workload.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/',
  ],
  attack: ['T1499'],
  appliesTo: containers,
  looks: 'world',
  reads: [limitRangeDefaults, verticalAutoscalers],
  notApplicable: whyNotReserving,
  *evaluate(view) {
    if (!isRequested(view, 'memory')) yield view.at(requestPath(view, 'memory'));
  },
});
