import { autoscalers } from '@bulwark/analyses';
import { defineControl, workloads } from '@bulwark/core';
import { spreadKeys } from './pod-spread.ts';
import { whyNotSeveral } from './replica-count.ts';

export const antiAffinityMissing = defineControl({
  id: 'anti-affinity-missing',
  aliases: [
    'kube-linter:no-anti-affinity',
    'kube-score:deployment-has-host-podantiaffinity',
    'kube-score:statefulset-has-host-podantiaffinity',
  ],
  title: 'Replicas must be kept on different nodes',
  problem: 'do not keep their replicas on different nodes',
  message: 'In {resource}, neither anti-affinity nor a topology spread constraint keeps the pods apart.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'The scheduler spreads replicas over nodes only where that costs nothing. In a busy cluster they may end on one node, and end with it.',
  remediation:
    'Add a topologySpreadConstraint over kubernetes.io/hostname, or podAntiAffinity, whose selector matches the labels of the pod template.',
  references: [
    'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/',
  ],
  attack: [],
  appliesTo: workloads,
  looks: 'world',
  reads: [autoscalers],
  notApplicable: whyNotSeveral,
  *evaluate(view) {
    if (spreadKeys(view).size === 0) yield view.at('topologySpreadConstraints');
  },
});
