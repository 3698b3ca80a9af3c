import { limitRangeDefaults } from '@bulwark/analyses';
import { containers, defineControl } from '@bulwark/core';
import { isLimited, limitPath } from './container-resources.ts';
import { whyNotOperated } from './judged-pods.ts';

export const memoryLimitMissing = defineControl({
  id: 'memory-limit-missing',
  aliases: [
    'trivy:KSV-0018',
    'kubescape:C-0271',
    'kubescape:C-0009',
    'checkov:CKV_K8S_13',
    'kube-linter:unset-memory-requirements',
    'kube-score:container-resources',
    'polaris:memoryLimitsMissing',
    'kyverno:require-requests-limits',
    'kubesec:LimitsMemory',
  ],
  title: 'Containers must have a memory limit',
  problem: 'have no memory limit',
  message: 'In {resource}, the container {container} has no memory limit.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Without a limit a container can take all the memory of its node, by a leak or because someone makes it. The kernel then kills processes, and those of other workloads may be the first to go.',
  remediation:
    'Set resources.limits.memory on the container, with room above what it needs at its peak. A LimitRange can give a namespace a default for the containers that say nothing.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    'https://kubernetes.io/docs/concepts/policy/limit-range/',
  ],
  attack: ['T1499'],
  appliesTo: containers,
  looks: 'world',
  reads: [limitRangeDefaults],
  notApplicable: (view) =>
    view.container.type === 'ephemeral' ? 'An ephemeral container cannot have limits.' : whyNotOperated(view),
  *evaluate(view) {
    if (!isLimited(view, 'memory')) yield view.at(limitPath(view, 'memory'));
  },
});
