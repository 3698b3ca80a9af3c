import { World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { serviceAccountPower } from './service-account-power.ts';
import type { Subject } from './subjects.ts';

const API = 'apiVersion: rbac.authorization.k8s.io/v1';
const OPERATOR: Subject = { kind: 'ServiceAccount', namespace: 'ops', name: 'operator' };

function role(rules: string): string {
  return `{${API}, kind: ClusterRole, metadata: {name: own}, rules: [${rules}]}`;
}

function binding(name: string, subject = '{kind: ServiceAccount, name: operator, namespace: ops}'): string {
  return `{${API}, kind: ClusterRoleBinding, metadata: {name: b}, roleRef: {kind: ClusterRole, name: ${name}}, subjects: [${subject}]}`;
}

function inNamespace(kind: string, name: string): string {
  return `{${API}, kind: RoleBinding, metadata: {name: r, namespace: shop}, roleRef: {kind: ${kind}, name: ${name}}, subjects: [{kind: ServiceAccount, name: operator, namespace: ops}]}`;
}

function power(...documents: readonly string[]) {
  return World.of(resourcesOf(documents.join('\n---\n'))).world.get(serviceAccountPower);
}

describe('the power of service accounts', () => {
  it.each([
    ['nothing', [], 0],
    ['a built-in role that no file has', [binding('cluster-admin')], 1],
    [
      'the group of its namespace',
      [binding('cluster-admin', '{kind: Group, name: system:serviceaccounts:ops}')],
      1,
    ],
    [
      'the group of another',
      [binding('cluster-admin', '{kind: Group, name: system:serviceaccounts:shop}')],
      0,
    ],
    [
      'the user of its name',
      [binding('cluster-admin', '{kind: User, name: system:serviceaccount:ops:operator}')],
      1,
    ],
    ['every rule', [binding('own'), role('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}')], 1],
    [
      'every rule for one name',
      [binding('own'), role('{apiGroups: ["*"], resources: ["*"], verbs: ["*"], resourceNames: [x]}')],
      0,
    ],
    ['cluster-admin in a namespace', [inNamespace('ClusterRole', 'cluster-admin')], 0],
    ['admin', [binding('admin')], 0],
    [
      'two ways',
      [
        binding('own'),
        role(
          '{apiGroups: [""], resources: [serviceaccounts, serviceaccounts/token], verbs: [impersonate, create]}',
        ),
      ],
      2,
    ],
    ['pods everywhere', [binding('own'), role('{apiGroups: [""], resources: [pods], verbs: [create]}')], 1],
    [
      'pod templates everywhere',
      [binding('own'), role('{apiGroups: [apps], resources: [daemonsets], verbs: [patch]}')],
      1,
    ],
    [
      'pods that exist already',
      [binding('own'), role('{apiGroups: [""], resources: [pods], verbs: [get, list, delete]}')],
      0,
    ],
    [
      'pods in one namespace',
      [inNamespace('ClusterRole', 'own'), role('{apiGroups: [""], resources: [pods], verbs: [create]}')],
      0,
    ],
    [
      'one half of a way',
      [
        binding('own'),
        role('{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}'),
      ],
      0,
    ],
  ])('finds as many takeovers as there are: %s', (_name, documents, expected) => {
    expect(power(...documents).takeovers(OPERATOR)).toHaveLength(expected);
  });

  it('names what a takeover rests on: of what is aggregated into its role just what gives a part of it, and this first', () => {
    const part = (name: string, rule: string): string =>
      `{${API}, kind: ClusterRole, metadata: {name: ${name}, labels: {to: own}}, rules: [${rule}]}`;
    const aggregated = `{${API}, kind: ClusterRole, metadata: {name: own}, aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: own}}]}, rules: []}`;
    const shared = binding(
      'own',
      '{kind: ServiceAccount, name: operator, namespace: ops}, {kind: User, name: ann}',
    );
    const [takeover] = power(
      ...[shared, aggregated],
      part('reads', '{apiGroups: [""], resources: [pods], verbs: [get]}'),
      part('runs', '{apiGroups: [""], resources: [pods], verbs: [create]}'),
    ).takeovers(OPERATOR);

    expect(takeover?.restsOn.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      'ClusterRoleBinding/b',
      'ClusterRole/runs',
      'ClusterRole/own',
    ]);
    expect(takeover?.causes).toEqual([]);
  });

  it.each([
    ['nothing', [], 0],
    ['admin in a namespace', [inNamespace('ClusterRole', 'admin')], 1],
    ['admin everywhere', [binding('admin')], 1],
    ['edit', [binding('edit')], 0],
    ['a Role called admin', [inNamespace('Role', 'admin')], 0],
    [
      'a cluster role that is here, and its rules',
      [inNamespace('ClusterRole', 'own'), role('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}')],
      1,
    ],
  ])('knows who administers: %s', (_name, documents, expected) => {
    const found = power(...documents);

    expect(found.administers(OPERATOR)).toHaveLength(expected);
    expect(found.administers(OPERATOR)).toBe(found.administers(OPERATOR));
  });
});
