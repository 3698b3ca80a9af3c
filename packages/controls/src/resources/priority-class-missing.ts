import { priorityClasses } from '@bulwark/analyses';
import { defineControl, type WorkloadView, workloads } from '@bulwark/core';
import { whyNotOperated } from './judged-pods.ts';

function hasClass({ spec }: WorkloadView): boolean {
  return (spec['priorityClassName'] ?? '') !== '';
}

export const priorityClassMissing = defineControl({
  id: 'priority-class-missing',
  aliases: ['polaris:priorityClassNotSet'],
  title: 'Pods must have a priority class',
  problem: 'have no priority class',
  message: 'In {resource}, the pod has no priority class.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Where classes are in use, pods without one have priority zero, and are the first to be displaced when a node is full.',
  remediation:
    'Set priorityClassName, or make one PriorityClass the globalDefault. A cluster in which all pods are equal needs none.',
  references: ['https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/'],
  attack: [],
  appliesTo: workloads,
  looks: 'world',
  reads: [priorityClasses],
  notApplicable: whyNotOperated,
  *evaluate(view) {
    if (!hasClass(view) && !view.world.get(priorityClasses).hasGlobalDefault)
      yield view.at('priorityClassName');
  },
});
