import { type Analysis, arrayAt, type Resource, stringAt } from '@bulwark/core';

export const ADMISSION_POLICY = 'admissionregistration.k8s.io/ValidatingAdmissionPolicy';
export const ADMISSION_POLICY_BINDING = 'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding';

/** Which policies of the API server's own engine are in force. */
export interface AdmissionPolicyBindings {
  /** The bindings of a policy; without one it is never evaluated. */
  bindingsOf(policy: Resource): readonly Resource[];
  /** Whether any binding refuses requests. */
  readonly anyDenies: boolean;
}

/** Whether a binding refuses what its policy finds, instead of only warning of it or writing it down. */
export function denies(binding: Resource): boolean {
  return (arrayAt(binding.object, 'spec', 'validationActions') ?? []).includes('Deny');
}

/** The bindings of validating admission policies, by policy. Cost: linear in bindings. */
export const admissionPolicyBindings: Analysis<AdmissionPolicyBindings> = {
  id: 'admission-policy-bindings',
  reads: [ADMISSION_POLICY_BINDING],
  compute(world) {
    const byPolicy = new Map<string, Resource[]>();
    const bindings = world.list(ADMISSION_POLICY_BINDING);
    for (const binding of bindings) {
      const name = stringAt(binding.object, 'spec', 'policyName') ?? '';
      const known = byPolicy.get(name);
      if (known === undefined) byPolicy.set(name, [binding]);
      else known.push(binding);
    }
    return {
      bindingsOf: (policy) => byPolicy.get(policy.name) ?? [],
      anyDenies: bindings.some(denies),
    };
  },
};
