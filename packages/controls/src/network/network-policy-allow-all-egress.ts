import { networkPolicyKinds, openRulesOf } from '@bulwark/analyses';
import { defineControl } from '@bulwark/core';

export const networkPolicyAllowAllEgress = defineControl({
  id: 'network-policy-allow-all-egress',
  aliases: [],
  title: 'A network policy must not allow its pods to connect anywhere',
  problem: 'allow their pods to connect anywhere',
  message: '{resource} allows the pods it selects to connect to {peer} on every port.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Policies only add up, so a rule that allows every destination cancels all limits on outgoing traffic of its pods. Whoever takes one over can fetch tools, send data away and try every other pod, the API server and the metadata service of the cloud.',
  remediation:
    'Name the destinations in to, and their ports. Where pods need the internet, allow 0.0.0.0/0 with the private ranges and 169.254.169.254/32 in except, and DNS to the cluster.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  attack: ['T1041', 'T1105'],
  appliesTo: networkPolicyKinds,
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    for (const { path, peer } of openRulesOf(resource, 'egress')) yield at(path, { peer });
  },
});
