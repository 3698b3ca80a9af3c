import { NETWORK_POLICY } from '@bulwark/analyses';
import { defineControl, kinds } from '@bulwark/core';
import { NAMESPACE_READS, whyNoPolicyNeeded } from './cluster-namespaces.ts';

export const namespaceWithoutNetworkPolicy = defineControl({
  id: 'namespace-without-network-policy',
  aliases: ['kubescape:C-0054', 'kubescape:C-0206', 'kubescape:C-0049', 'kyverno:add-networkpolicy'],
  title: 'A namespace with pods must have a network policy',
  problem: 'have pods and no network policy',
  message: '{resource} has pods and not one network policy.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Without a policy every pod of the cluster reaches every port of every pod of the namespace, and these reach everything. One pod that is taken over is enough to try them all.',
  remediation:
    'Add a policy with podSelector: {} and no rules, then one for each connection that is needed. Where policies live in another repository or another kind of policy is used, exempt the namespace. Check that the network plug-in enforces policies.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies',
    'https://kubernetes.io/docs/concepts/security/multi-tenancy/#network-isolation',
  ],
  attack: ['T1210'],
  refines: ['namespace-without-default-deny'],
  appliesTo: kinds('Namespace'),
  looks: 'world',
  reads: [...NAMESPACE_READS, NETWORK_POLICY],
  notApplicable: whyNoPolicyNeeded,
  *evaluate({ resource, world, at }) {
    if (world.inNamespace(NETWORK_POLICY, resource.name).length === 0) yield at('metadata.name');
  },
});
