import { defineControl, integerParam, workloads } from '@bulwark/core';

export const containersPerPod = defineControl({
  id: 'containers-per-pod',
  aliases: ['kyverno:limit-containers-per-pod'],
  title: 'Pods must not have many containers',
  problem: 'have many containers',
  message: 'In {resource}, {count} containers share a pod; {maximum} are allowed.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'The containers of a pod share its network, its volumes and its service account, are scaled together and fail together. Whoever takes one of them is close to all.',
  remediation:
    'Give programs that need not share a node pods of their own, and let them talk through a Service.',
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/#how-pods-manage-multiple-containers'],
  attack: [],
  params: {
    maximum: integerParam('The most containers that may run in a pod side by side, sidecars included.', {
      default: 4,
      minimum: 1,
    }),
  },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) =>
    resource.group === 'tekton.dev' ? 'The steps of a task run one after the other.' : undefined,
  *evaluate({ workload, at, params: { maximum } }) {
    const count = workload.containers.filter(({ type }) => type === 'regular' || type === 'sidecar').length;
    if (count > maximum) yield at('containers', { count, maximum });
  },
});
