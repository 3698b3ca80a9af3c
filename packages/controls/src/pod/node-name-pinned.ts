import { defineControl, get, mayBreak, removeField, type WorkloadView, workloads } from '@bulwark/core';

export const nodeNamePinned = defineControl({
  id: 'node-name-pinned',
  aliases: ['kyverno:restrict-node-selection'],
  title: 'Pods must not name their node',
  problem: 'name the node that they run on',
  message: '{resource} names its node in nodeName.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A pod with nodeName never meets the scheduler. Taints that keep workloads away from the control plane or from sensitive nodes do not hold it back, so an attacker who may create pods chooses the node to attack. Its owner loses too: when that node is full or gone, the pod does not run.',
  remediation:
    'Remove nodeName and let the scheduler choose. Where the pod needs a kind of node, say so with nodeSelector or nodeAffinity.',
  references: ['https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename'],
  attack: ['T1610'],
  fix: removeField(mayBreak('The pod may then run on another node.')),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: (view) =>
    isRunning(view) ? 'In a pod of a cluster nodeName is what the scheduler chose.' : undefined,
  *evaluate({ spec, at }) {
    const node = spec['nodeName'];
    if (typeof node === 'string' && node !== '') yield at('nodeName');
  },
});

/** Whether a pod comes from a cluster: only the API server gives a `uid`. */
function isRunning({ resource }: WorkloadView): boolean {
  return resource.groupKind === 'Pod' && get(resource.object, 'metadata', 'uid') !== undefined;
}
