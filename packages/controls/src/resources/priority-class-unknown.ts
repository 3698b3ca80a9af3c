import { priorityClasses, SYSTEM_PRIORITY_CLASSES } from '@bulwark/analyses';
import { defineControl, workloads } from '@bulwark/core';
import { isPlaceholder } from './placeholders.ts';

export const priorityClassUnknown = defineControl({
  id: 'priority-class-unknown',
  aliases: [],
  title: 'Priority classes that pods name must exist',
  problem: 'name a priority class that does not exist',
  message:
    'In {resource}, the pod names the priority class {class}, which is not among those that are declared.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A pod whose PriorityClass does not exist is refused. Its Deployment is accepted, and no pod of it ever comes to be.',
  remediation:
    'Correct the name or add the PriorityClass. If it is declared elsewhere, add that file to the scan. Where no file declares any, nothing is judged.',
  references: ['https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/'],
  attack: [],
  appliesTo: workloads,
  looks: 'world',
  reads: [priorityClasses],
  notApplicable: ({ world }) =>
    world.get(priorityClasses).names.size === 0 ? 'No priority classes are known here.' : undefined,
  *evaluate({ spec, world, at }) {
    const name = spec['priorityClassName'];
    if (typeof name !== 'string' || name === '' || isPlaceholder(name)) return;
    const isSystem = SYSTEM_PRIORITY_CLASSES.some((known) => known === name);
    if (!isSystem && !world.get(priorityClasses).names.has(name))
      yield at('priorityClassName', { class: name });
  },
});
