import { defineControl, get, kinds, mayBreak, setValue } from '@bulwark/core';

export const priorityClassPreemption = defineControl({
  id: 'priority-class-preemption',
  aliases: [],
  title: 'The default priority must not evict other pods',
  problem: 'let pods that say nothing evict others',
  message: '{resource} is the default for all pods, and its pods may evict those of a lower priority.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'A class with globalDefault gives its priority to every pod that names none. When nodes are full, the scheduler then evicts pods with less, those from before the class existed among them, for any pod that somebody starts.',
  remediation:
    'Give the default class the value 0, or preemptionPolicy Never. Classes for workloads that may evict others are named by the workloads, and a ResourceQuota with a scopeSelector decides which namespaces may do so.',
  references: [
    'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/',
    'https://kubernetes.io/docs/concepts/policy/resource-quotas/#resource-quota-per-priorityclass',
  ],
  attack: ['T1499'],
  fix: setValue(
    'Never',
    mayBreak('The field cannot be changed: the class has to be deleted and created again.'),
  ),
  appliesTo: kinds('scheduling.k8s.io/PriorityClass'),
  looks: 'object',
  reads: [],
  *evaluate({ resource: { object }, at }) {
    const value = get(object, 'value');
    if (get(object, 'globalDefault') !== true || get(object, 'preemptionPolicy') === 'Never') return;
    if (typeof value === 'number' && value > 0) yield at('preemptionPolicy');
  },
});
