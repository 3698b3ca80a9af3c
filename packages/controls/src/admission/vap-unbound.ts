import { ADMISSION_POLICY, admissionPolicyBindings } from '@bulwark/analyses';
import { defineControl, kinds } from '@bulwark/core';

export const vapUnbound = defineControl({
  id: 'vap-unbound',
  aliases: [],
  title: 'Admission policies must have a binding',
  problem: 'have no binding and are never evaluated',
  message: '{resource} has no binding, so the API server never evaluates it.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A ValidatingAdmissionPolicy does nothing until a ValidatingAdmissionPolicyBinding names it. Whoever sees the policy in the cluster believes in a protection that is not there.',
  remediation:
    'Add a ValidatingAdmissionPolicyBinding with the policyName and validationActions [Deny], or remove the policy. If the binding is kept elsewhere, scan both together.',
  references: ['https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/'],
  attack: ['T1562.001'],
  appliesTo: kinds(ADMISSION_POLICY),
  looks: 'world',
  reads: [admissionPolicyBindings],
  *evaluate({ resource, world, at }) {
    if (world.get(admissionPolicyBindings).bindingsOf(resource).length === 0) yield at('metadata.name');
  },
});
