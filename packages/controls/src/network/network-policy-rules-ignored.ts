import { directionsOf, networkPolicyKinds } from '@bulwark/analyses';
import { arrayAt, defineControl, mayBreak, type Resource } from '@bulwark/core';

const TYPES = { ingress: 'Ingress', egress: 'Egress' } as const;

function hasTypes({ object }: Resource): boolean {
  return (arrayAt(object, 'spec', 'policyTypes') ?? []).length > 0;
}

export const networkPolicyRulesIgnored = defineControl({
  id: 'network-policy-rules-ignored',
  aliases: [],
  title: 'The rules of a network policy must be of a direction in which it holds',
  problem: 'have rules that are ignored',
  message: '{resource} writes {direction} rules, but {reason}: they restrict nothing.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'A policy isolates its pods only in the directions that policyTypes names; rules of the other are accepted and ignored. Without policyTypes an empty egress list does not count either. The author meant to limit the traffic, and the pods stay open.',
  remediation: 'Add the direction to policyTypes, or remove its rules where no limit is meant.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource',
  ],
  attack: ['T1210'],
  fix: {
    ...mayBreak(
      'From then on the pods may only do in this direction what the rules of their policies allow.',
    ),
    edits: ({ facts }, resource) => {
      const types = hasTypes(resource) ? [] : ['Ingress'];
      const type = facts['direction'] === 'ingress' ? TYPES.ingress : TYPES.egress;
      return [...types, type].map((value) => ({ op: 'append', path: ['spec', 'policyTypes'], value }));
    },
  },
  appliesTo: networkPolicyKinds,
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    const holds = directionsOf(resource);
    for (const direction of ['ingress', 'egress'] as const) {
      const rules = arrayAt(resource.object, 'spec', direction);
      if (rules === undefined || holds.includes(direction)) continue;
      const named = hasTypes(resource);
      if (named && rules.length === 0) continue;
      const reason = named
        ? 'policyTypes does not name them'
        : 'without policyTypes an empty list does not count';
      yield at(['spec', direction], { direction, reason });
    }
  },
});
