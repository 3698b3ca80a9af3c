import {
  type Direction,
  directionsOf,
  NETWORK_POLICY,
  openRulesOf,
  selectsWholeNamespace,
} from '@bulwark/analyses';
import { defineControl, kinds, type Resource, textsParam } from '@bulwark/core';
import { NAMESPACE_READS, whyNoPolicyNeeded } from './cluster-namespaces.ts';

function isDefaultDeny(policy: Resource, direction: Direction): boolean {
  if (!selectsWholeNamespace(policy) || !directionsOf(policy).includes(direction)) return false;
  return openRulesOf(policy, direction).next().done === true;
}

export const namespaceWithoutDefaultDeny = defineControl({
  id: 'namespace-without-default-deny',
  aliases: ['kyverno:add-networkpolicy'],
  title: 'A namespace must have a network policy that selects all its pods',
  problem: 'have no network policy that selects all their pods',
  message: 'No network policy of {resource} selects all its pods for {direction} and limits them.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Policies for single workloads leave out whatever nobody thought of: a debug pod, a job, the next application. With one that selects all pods, a new pod is closed until a policy opens it.',
  remediation:
    'Add a policy with podSelector: {} that has no rules, or allows only what holds for every pod, such as DNS or the pods of the same namespace.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies'],
  attack: ['T1210'],
  params: {
    directions: textsParam(
      'The directions for which a namespace needs such a policy: ingress, egress, or both.',
      {
        default: ['ingress'],
      },
    ),
  },
  appliesTo: kinds('Namespace'),
  looks: 'world',
  reads: [...NAMESPACE_READS, NETWORK_POLICY],
  notApplicable: whyNoPolicyNeeded,
  *evaluate({ resource, world, at, params }) {
    const policies = world.inNamespace(NETWORK_POLICY, resource.name);
    for (const direction of ['ingress', 'egress'] as const)
      if (
        params.directions.includes(direction) &&
        !policies.some((policy) => isDefaultDeny(policy, direction))
      )
        yield at('metadata.name', { direction });
  },
});
