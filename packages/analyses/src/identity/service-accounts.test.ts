import { type Resource, World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { asServiceAccount, boundServiceAccounts, serviceAccountOf } from './service-accounts.ts';

function pod(namespace: string): string {
  return `{apiVersion: v1, kind: Pod, metadata: {name: p${namespace && `, namespace: ${namespace}`}}, spec: {containers: []}}`;
}

function isBound(namespace: string, name: string, subject: string): boolean {
  const binding = `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, roleRef: {kind: ClusterRole, name: gone}, subjects: [${subject}]}`;
  const resources = resourcesOf([pod(namespace), binding].join('\n---\n'));
  return World.of(resources)
    .world.get(boundServiceAccounts)
    .isBound(resources[0] as Resource, name);
}

describe('service accounts', () => {
  it.each([
    [{}, 'default'],
    [{ serviceAccountName: 'a', serviceAccount: 'b' }, 'a'],
    [{ serviceAccountName: '', serviceAccount: 'b' }, 'b'],
    [{ serviceAccountName: null, serviceAccount: 7 }, 'default'],
  ])('reads the account of %j', (spec, expected) => {
    expect(serviceAccountOf(spec)).toBe(expected);
  });

  it.each([
    [{ kind: 'User', namespace: '', name: 'system:serviceaccount:a:b' }, 'a/b'],
    [{ kind: 'ServiceAccount', namespace: 'a', name: 'b' }, 'a/b'],
    [{ kind: 'User', namespace: '', name: 'b' }, undefined],
    [{ kind: 'Group', namespace: '', name: 'system:serviceaccount:a:b' }, undefined],
  ] as const)('knows whether %j is one', (subject, expected) => {
    const account = asServiceAccount(subject);

    expect(account && `${account.namespace}/${account.name}`).toBe(expected);
  });

  it.each([
    ['shop', 'web', '{kind: ServiceAccount, name: web, namespace: shop}', true],
    ['shop', 'web', '{kind: ServiceAccount, name: web, namespace: other}', false],
    ['shop', 'web', '{kind: User, name: system:serviceaccount:shop:web}', true],
    ['shop', 'web', '{kind: Group, name: system:serviceaccounts:shop}', true],
    ['shop', 'web', '{kind: Group, name: system:serviceaccounts}', false],
    ['', 'web', '{kind: ServiceAccount, name: web, namespace: shop}', true],
    ['', 'default', '{kind: ServiceAccount, name: default, namespace: shop}', false],
  ])('in "%s", %s is named by %s: %s', (namespace, name, subject, expected) => {
    expect(isBound(namespace, name, subject)).toBe(expected);
  });
});
