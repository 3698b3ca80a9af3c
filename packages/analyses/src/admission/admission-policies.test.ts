import { type Resource, World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { ADMISSION_POLICY, admissionPolicyBindings } from './admission-policies.ts';

const API = 'apiVersion: admissionregistration.k8s.io/v1';

function binding(name: string, policy: string, actions: string): string {
  return `{${API}, kind: ValidatingAdmissionPolicyBinding, metadata: {name: ${name}}, spec: {policyName: ${policy}, validationActions: ${actions}}}`;
}

describe('admission policy bindings', () => {
  it.each([
    ['none', [], [], false],
    ['of another policy', [binding('a', 'other', '[Deny]')], [], true],
    ['two', [binding('a', 'own', '[Audit]'), binding('b', 'own', '[Warn]')], ['a', 'b'], false],
    ['one that denies', [binding('a', 'own', '[Deny, Audit]')], ['a'], true],
    ['broken ones', [binding('a', 'null', 'Deny')], [], false],
  ])('finds the bindings of a policy: %s', (_name, documents, names, anyDenies) => {
    const policy = `{${API}, kind: ValidatingAdmissionPolicy, metadata: {name: own}}`;
    const { world } = World.of(resourcesOf([policy, ...documents].join('\n---\n')));
    const found = world.get(admissionPolicyBindings);

    expect(
      found.bindingsOf(world.find(ADMISSION_POLICY, '', 'own') as Resource).map(({ name }) => name),
    ).toEqual(names);
    expect(found.anyDenies).toBe(anyDenies);
  });
});
