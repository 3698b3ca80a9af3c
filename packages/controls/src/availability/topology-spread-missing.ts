import { autoscalers } from '@bulwark/analyses';
import { defineControl, textsParam, workloads } from '@bulwark/core';
import { isBoundTo, spreadKeys } from './pod-spread.ts';
import { whyNotSeveral } from './replica-count.ts';

export const topologySpreadMissing = defineControl({
  id: 'topology-spread-missing',
  aliases: ['polaris:topologySpreadConstraint', 'kyverno:topologyspreadconstraints-policy'],
  title: 'Replicas must be spread over zones',
  problem: 'do not spread their replicas over zones',
  message: 'In {resource}, nothing spreads the pods over {keys}.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale: 'All replicas may run in one zone, and the service fails with it.',
  remediation:
    'Add a topologySpreadConstraint over topology.kubernetes.io/zone whose selector matches the labels of the pod template. Clusters with one zone, or with default constraints for the scheduler, need none.',
  references: ['https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/'],
  attack: [],
  params: {
    keys: textsParam('The labels of nodes over which pods have to be spread; one of them is enough.', {
      default: ['topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/zone'],
      minimum: 1,
    }),
  },
  appliesTo: workloads,
  looks: 'world',
  reads: [autoscalers],
  notApplicable: whyNotSeveral,
  *evaluate(view) {
    const { keys } = view.params;
    const spread = spreadKeys(view);
    if (keys.some((key) => spread.has(key)) || isBoundTo(view.spec, keys)) return;
    yield view.at('topologySpreadConstraints', { keys });
  },
});
