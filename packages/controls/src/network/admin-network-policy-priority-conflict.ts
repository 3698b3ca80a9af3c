import { PRIORITISED_POLICY_KINDS, policyOrder } from '@bulwark/analyses';
import { defineControl, get, kinds } from '@bulwark/core';

export const adminNetworkPolicyPriorityConflict = defineControl({
  id: 'admin-network-policy-priority-conflict',
  aliases: [],
  title: 'Cluster-wide network policies for the same pods must have different priorities',
  problem: 'share a priority with another policy for the same pods',
  message: '{resource} and {other} have the same priority and may select the same pods.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Which of two policies with the same priority wins for the same traffic is undefined. The plug-in may change its mind with a restart or an upgrade, and a denial turns into a permission.',
  remediation: 'Give each policy a priority of its own; the lower number is tried first.',
  references: ['https://network-policy-api.sigs.k8s.io/api-overview/'],
  attack: [],
  appliesTo: kinds(...PRIORITISED_POLICY_KINDS),
  looks: 'world',
  reads: [policyOrder],
  notApplicable: ({ resource }) =>
    typeof get(resource.object, 'spec', 'priority') === 'number' ? undefined : 'It has no priority.',
  *evaluate({ resource, world, at }) {
    const other = world.get(policyOrder).unorderedWith(resource);
    if (other !== undefined) yield at('spec.priority', { other: other.name });
  },
});
