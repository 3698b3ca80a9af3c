import { defineControl, textsParam, workloads } from '@bulwark/core';

export const priorityClassNotAllowed = defineControl({
  id: 'priority-class-not-allowed',
  aliases: ['kube-linter:priority-class-name'],
  title: 'Pods must have one of the allowed priority classes',
  problem: 'have a priority class that is not allowed',
  message: 'In {resource}, the pod has the priority class {class}, which is not allowed.',
  severity: 'low',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Priority is relative. A team that takes a higher class than it was given displaces the pods of others when nodes are full.',
  remediation:
    'Choose one of the allowed classes. A ResourceQuota with a scope makes the API server enforce it.',
  references: ['https://kubernetes.io/docs/concepts/policy/resource-quotas/'],
  attack: ['T1499'],
  params: { allowed: textsParam('The priority classes that pods may have.', { minimum: 1 }) },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at, params: { allowed } }) {
    const name = spec['priorityClassName'];
    if (typeof name === 'string' && name !== '' && !allowed.includes(name))
      yield at('priorityClassName', { class: name });
  },
});
