import { networkPolicyKinds } from '@bulwark/analyses';
import { defineControl, get, safe, setValue } from '@bulwark/core';

export const networkPolicySelectorMissing = defineControl({
  id: 'network-policy-selector-missing',
  aliases: ['trivy:KSV-0038'],
  title: 'A network policy must write which pods it selects',
  problem: 'do not write which pods they select',
  message: '{resource} has no podSelector, which selects every pod of its namespace.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'A missing podSelector means all pods. Whoever reads the policy cannot tell whether that was meant or a line was lost.',
  remediation: 'Write podSelector: {} for the whole namespace, or the labels of the pods that are meant.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  attack: [],
  fix: setValue({}, safe('The policy selects the same pods as before.')),
  appliesTo: networkPolicyKinds,
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    if ((get(resource.object, 'spec', 'podSelector') ?? undefined) === undefined)
      yield at('spec.podSelector');
  },
});
