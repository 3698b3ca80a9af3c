import { defineControl, get, kinds, mayBreak, setValue } from '@bulwark/core';
import { DISRUPTION_BUDGET } from './disruption-amounts.ts';

export const pdbUnhealthyEviction = defineControl({
  id: 'pdb-unhealthy-eviction',
  aliases: ['kube-linter:pdb-unhealthy-pod-eviction-policy'],
  title: 'Disruption budgets must say whether pods that are not ready may be evicted',
  problem: 'do not say whether pods that are not ready may be evicted',
  message: '{resource} does not set unhealthyPodEvictionPolicy.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'By default a running pod that is not ready counts against the budget. A workload that crashes again and again then holds its nodes, and upgrades wait for pods that serve nobody.',
  remediation:
    'Set unhealthyPodEvictionPolicy to AlwaysAllow. Set it to IfHealthyBudget where a pod that is not ready yet does work that must not be cut off, such as copying data.',
  references: [
    'https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy',
  ],
  attack: [],
  kubernetes: { from: 27 },
  fix: setValue(
    'AlwaysAllow',
    mayBreak('A drain stops pods that are not ready even where too few others are.'),
  ),
  appliesTo: kinds(DISRUPTION_BUDGET),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    const policy = get(resource.object, 'spec', 'unhealthyPodEvictionPolicy') ?? undefined;
    if (policy === undefined) yield at('spec.unhealthyPodEvictionPolicy');
  },
});
