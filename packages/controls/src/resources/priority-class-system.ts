import { SYSTEM_PRIORITY_CLASSES } from '@bulwark/analyses';
import { defineControl, mayBreak, removeField, textsParam, workloads } from '@bulwark/core';

export const priorityClassSystem = defineControl({
  id: 'priority-class-system',
  aliases: [],
  title: "Workloads must not take the system's priority",
  problem: "take the system's priority",
  message: 'In {resource}, the pod has the priority class {class}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A pod of this class displaces every other when a node is full, and is itself never displaced. In the hands of an attacker or a careless team it puts the workloads of others out of service.',
  remediation:
    'Give the workload a PriorityClass of your own. Agents that a node cannot do without, such as network and storage drivers, may keep the class in namespaces that a ResourceQuota for it names; list those namespaces in the parameter.',
  references: [
    'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/',
    'https://kubernetes.io/docs/tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/',
  ],
  attack: ['T1499'],
  params: {
    namespaces: textsParam('Namespaces whose workloads belong to the system.', { default: ['kube-system'] }),
  },
  fix: removeField(mayBreak('On a full node the pod may be displaced, or wait.')),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: ({ resource, params: { namespaces } }) =>
    namespaces.includes(resource.namespace) ? 'The namespace belongs to the system.' : undefined,
  *evaluate({ spec, at }) {
    const name = SYSTEM_PRIORITY_CLASSES.find((known) => known === spec['priorityClassName']);
    if (name !== undefined) yield at('priorityClassName', { class: name });
  },
});
