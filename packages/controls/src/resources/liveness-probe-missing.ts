import { containers, defineControl } from '@bulwark/core';
import { whyNotServing } from './judged-pods.ts';
import { handlerOf } from './probes.ts';

export const livenessProbeMissing = defineControl({
  id: 'liveness-probe-missing',
  aliases: [
    'kubescape:C-0056',
    'checkov:CKV_K8S_8',
    'kube-linter:no-liveness-probe',
    'kube-score:pod-probes',
    'polaris:livenessProbeMissing',
    'kyverno:require-pod-probes',
  ],
  title: 'Containers must have a liveness probe',
  problem: 'have no liveness probe',
  message: 'In {resource}, the container {container} has no liveness probe.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Kubernetes restarts a container whose process ends. One that hangs goes on hanging until somebody notices, unless a liveness probe asks it.',
  remediation:
    'Add a livenessProbe that asks only whether the process itself still works, never a database or another service. A program that ends when it cannot go on needs none; exempt it.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  ],
  attack: [],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNotServing,
  *evaluate({ container, at }) {
    if (handlerOf(container, 'livenessProbe') === undefined) yield at('livenessProbe');
  },
});
