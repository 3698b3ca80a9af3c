import { limitRangeDefaults } from '@bulwark/analyses';
import { containers, defineControl } from '@bulwark/core';
import { isLimited, limitPath, whyNoResources } from './container-resources.ts';
import { whyNotOperated } from './judged-pods.ts';

export const cpuLimitMissing = defineControl({
  id: 'cpu-limit-missing',
  aliases: [
    'trivy:KSV-0011',
    'kubescape:C-0270',
    'kubescape:C-0050',
    'checkov:CKV_K8S_11',
    'kube-linter:unset-cpu-requirements',
    'kube-score:container-resources',
    'polaris:cpuLimitsMissing',
    'kubesec:LimitsCPU',
  ],
  title: 'Containers must have a CPU limit',
  problem: 'have no CPU limit',
  message: 'In {resource}, the container {container} has no CPU limit.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'A limit caps what a hijacked container can spend on mining or on attacking others. It also slows down honest work while the node is idle, and a CPU, unlike memory, is shared out by request when it is scarce; many teams therefore set requests only. Both are defensible, and cpu-limit-forbidden is the rule of the other school.',
  remediation:
    'Set limits.cpu in the resources of the container, or give the namespace a default with a LimitRange. A ResourceQuota caps a whole namespace without slowing down single containers.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    'https://kubernetes.io/docs/concepts/policy/resource-quotas/',
  ],
  attack: ['T1496'],
  appliesTo: containers,
  looks: 'world',
  reads: [limitRangeDefaults],
  notApplicable: (view) => whyNoResources(view) ?? whyNotOperated(view),
  *evaluate(view) {
    if (!isLimited(view, 'cpu')) yield view.at(limitPath(view, 'cpu'));
  },
});
