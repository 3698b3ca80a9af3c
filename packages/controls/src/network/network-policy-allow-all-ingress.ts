import { networkPolicyKinds, openRulesOf, selectsWholeNamespace } from '@bulwark/analyses';
import { defineControl } from '@bulwark/core';

export const networkPolicyAllowAllIngress = defineControl({
  id: 'network-policy-allow-all-ingress',
  aliases: [],
  title: 'A network policy must not open a whole namespace to everyone',
  problem: 'open every pod of their namespace to everyone',
  message: '{resource} selects every pod of its namespace and allows {peer} to reach all their ports.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Policies only add up: what one allows, no other takes away. A policy that selects all pods and allows everyone cancels every other policy of the namespace for incoming traffic, so that a compromised pod anywhere in the cluster reaches all of them, while the namespace looks protected.',
  remediation:
    'Remove the rule. Name in policies of their own which pods may be reached, by whom and on which port; a policy that selects all pods should allow nothing, or no more than the pods of its namespace.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  attack: ['T1210'],
  appliesTo: networkPolicyKinds,
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    if (!selectsWholeNamespace(resource)) return;
    for (const { path, peer } of openRulesOf(resource, 'ingress')) yield at(path, { peer });
  },
});
