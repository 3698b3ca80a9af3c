import { networkPolicyKinds } from '@bulwark/analyses';
import { defineControl } from '@bulwark/core';
import { policyFaults } from './policy-faults.ts';

export const networkPolicyInvalid = defineControl({
  id: 'network-policy-invalid',
  aliases: [],
  title: 'A network policy must be one that the API server accepts',
  problem: 'are refused by the API server, so they protect nothing',
  message: 'The API server refuses {resource}: {reason}.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'A policy with an empty peer, an impossible range of ports or a malformed selector is refused as a whole. Where the error goes unnoticed the pods run without it, or with an old version of it.',
  remediation:
    'Correct the field. A peer has either an ipBlock or selectors; except lies inside its cidr; endPort needs a number in port.',
  references: ['https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/'],
  attack: [],
  appliesTo: networkPolicyKinds,
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    for (const { path, reason } of policyFaults(resource)) yield at(path, { reason });
  },
});
