import { World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { strongNamespaces } from './strong-namespaces.ts';

const API = 'apiVersion: rbac.authorization.k8s.io/v1';
const ALL = `${API}\nkind: ClusterRole\nmetadata: {name: all}\nrules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]\n`;

function binding(kind: string, name: string, subjects: string): string {
  return `${API}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: ops}\nroleRef: {kind: ClusterRole, name: all}\nsubjects: [${subjects}]\n`;
}

function strong(...bindings: readonly string[]) {
  return World.of(resourcesOf([ALL, ...bindings].join('---\n'))).world.get(strongNamespaces);
}

describe('strongNamespaces', () => {
  it('knows the accounts with rights over the whole cluster, by namespace and in order', () => {
    const found = strong(
      binding('ClusterRoleBinding', 'b', '{kind: ServiceAccount, name: z, namespace: ops}'),
      binding('ClusterRoleBinding', 'a', '{kind: ServiceAccount, name: a, namespace: ops}'),
    );

    expect(found.accountsIn('ops')).toEqual(['a', 'z']);
    expect(found.accountsIn('web')).toEqual([]);
  });

  it('leaves out rights over one namespace', () => {
    const found = strong(binding('RoleBinding', 'b', '{kind: ServiceAccount, name: a, namespace: ops}'));

    expect(found.accountsIn('ops')).toEqual([]);
    expect(found.isStrong({ kind: 'ServiceAccount', namespace: 'ops', name: 'a' })).toBe(false);
  });

  it('knows people and groups that are strong, and that system:masters always is', () => {
    const found = strong(binding('ClusterRoleBinding', 'b', '{kind: User, name: jane}'));

    expect(found.isStrong({ kind: 'User', namespace: '', name: 'jane' })).toBe(true);
    expect(found.isStrong({ kind: 'Group', namespace: '', name: 'system:masters' })).toBe(true);
    expect(found.isStrong({ kind: 'Group', namespace: '', name: 'developers' })).toBe(false);
  });
});
