import { ADMISSION_POLICY_BINDING, denies } from '@bulwark/analyses';
import { defineControl, kinds, mayBreak, setValue } from '@bulwark/core';

export const vapNotEnforced = defineControl({
  id: 'vap-not-enforced',
  aliases: [],
  title: 'Bindings of admission policies must refuse what the policy finds',
  problem: 'only warn of what an admission policy finds, or write it down',
  message: '{resource} does not refuse what its policy finds.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'With Audit or Warn alone, objects that break the policy are created all the same. That is right while a policy is tried out, and is often forgotten afterwards.',
  remediation: 'Set validationActions to [Deny] once the audit log shows nothing that has to stay allowed.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#validation-actions',
  ],
  attack: ['T1562.001'],
  fix: setValue(['Deny'], mayBreak('Requests that break the policy are refused from then on.')),
  appliesTo: kinds(ADMISSION_POLICY_BINDING),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    if (!denies(resource)) yield at('spec.validationActions');
  },
});
