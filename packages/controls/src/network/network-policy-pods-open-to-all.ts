import { networkPolicyKinds, openRulesOf, selectsWholeNamespace } from '@bulwark/analyses';
import { defineControl } from '@bulwark/core';

export const networkPolicyPodsOpenToAll = defineControl({
  id: 'network-policy-pods-open-to-all',
  aliases: [],
  title: 'A network policy must say which ports of its pods are open, or to whom',
  problem: 'open all ports of their pods to everyone',
  message: '{resource} allows {peer} to reach every port of the pods it selects.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A rule without sources and ports takes its pods out of every other policy. Pods that are meant for the public mostly have ports that are not: metrics, profiling, health and administration.',
  remediation: 'List the ports that others need in the rule, or name in from who may reach the others.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  attack: ['T1210'],
  appliesTo: networkPolicyKinds,
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) =>
    selectsWholeNamespace(resource)
      ? 'It selects the whole namespace, which another control judges.'
      : undefined,
  *evaluate({ resource, at }) {
    for (const { path, peer } of openRulesOf(resource, 'ingress')) yield at(path, { peer });
  },
});
