import { defineControl, get, isControlled, isObject, stringAt, workloads } from '@bulwark/core';
import { whyNotOperated } from '../resources/judged-pods.ts';
import { isPartial } from './replica-count.ts';

export const nodeAffinityMissing = defineControl({
  id: 'node-affinity-missing',
  aliases: ['kube-linter:no-node-affinity'],
  title: 'Pods must say on which nodes they may run',
  problem: 'do not say on which nodes they may run',
  message: 'In {resource}, the pod has neither node affinity nor a node selector.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Where a cluster has nodes of several kinds, such as spot nodes, nodes of another architecture, or nodes kept apart for sensitive work, a pod that says nothing may run on any of them that has no taint.',
  remediation:
    'Add nodeAffinity or a nodeSelector. In a cluster whose nodes are all alike, or are kept apart by taints, nothing has to change.',
  references: ['https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/'],
  attack: [],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable(view) {
    if (view.resource.kind === 'DaemonSet') return 'A DaemonSet runs on every node that it may.';
    if (isControlled(view.resource)) return 'Its owner decides about it.';
    if (isPartial(view.resource)) return 'Its containers have no images, so it is a part of a manifest.';
    return whyNotOperated(view);
  },
  *evaluate({ spec, at }) {
    const selector = spec['nodeSelector'];
    const isSelected = isObject(selector) && Object.keys(selector).length > 0;
    const isBound =
      isObject(get(spec, 'affinity', 'nodeAffinity')) || (stringAt(spec, 'nodeName') ?? '') !== '';
    if (!isSelected && !isBound) yield at('affinity.nodeAffinity');
  },
});
