import { defineControl, get, isControlled, kinds, mayBreak, setValue } from '@bulwark/core';

export const updateOnDelete = defineControl({
  id: 'update-on-delete',
  aliases: [],
  title: 'StatefulSets and DaemonSets must update their pods by themselves',
  problem: 'do not update their pods by themselves',
  message: '{resource} updates a pod only when somebody deletes it.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'With OnDelete a new image is accepted and nothing happens: the old pods, with the flaw that was fixed, run on until somebody deletes each of them.',
  remediation:
    'Set updateStrategy.type to RollingUpdate. Where pods have to be replaced in an order that only a person or an operator knows, exempt the workload.',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies',
    'https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/',
  ],
  attack: [],
  fix: setValue('RollingUpdate', mayBreak('Pods that wait for an update are replaced at once, one by one.')),
  appliesTo: kinds('apps/DaemonSet', 'apps/StatefulSet'),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) => (isControlled(resource) ? 'Its owner decides about it.' : undefined),
  *evaluate({ resource, at }) {
    if (get(resource.object, 'spec', 'updateStrategy', 'type') === 'OnDelete')
      yield at('spec.updateStrategy.type');
  },
});
