import { World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveRules, type RbacIndex } from './effective-rules.ts';
import type { Subject } from './subjects.ts';

const API = 'apiVersion: rbac.authorization.k8s.io/v1';

function index(yaml: string): RbacIndex {
  return World.of(resourcesOf(yaml)).world.get(effectiveRules);
}

const role = (kind: string, name: string, verb: string, resource: string, rest = ''): string =>
  `${API}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop${rest}}\nrules: [{apiGroups: [""], resources: [${resource}], verbs: [${verb}]}]\n`;
const binding = (kind: string, name: string, roleRef: string, subject: string): string =>
  `${API}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nroleRef: {apiGroup: rbac.authorization.k8s.io, ${roleRef}}\nsubjects: [${subject}]\n`;
const yaml = (...documents: readonly string[]): string => documents.join('---\n');

const ACCOUNT: Subject = { kind: 'ServiceAccount', namespace: 'shop', name: 'web' };
const ACCOUNT_YAML = '{kind: ServiceAccount, name: web, namespace: shop}';
const GET_PODS = { verb: 'get', group: '', resource: 'pods' };

describe('effective rules', () => {
  it.each([
    [
      'a Role holds in its namespace',
      yaml(
        role('Role', 'r', 'get', 'pods'),
        binding('RoleBinding', 'b', 'kind: Role, name: r', ACCOUNT_YAML),
      ),
      [true, false, false],
    ],
    [
      'a ClusterRole by RoleBinding holds in the namespace only',
      yaml(
        role('ClusterRole', 'r', 'get', 'pods'),
        binding('RoleBinding', 'b', 'kind: ClusterRole, name: r', ACCOUNT_YAML),
      ),
      [true, false, false],
    ],
    [
      'a ClusterRole by ClusterRoleBinding holds everywhere',
      yaml(
        role('ClusterRole', 'r', 'get', 'pods'),
        binding('ClusterRoleBinding', 'b', 'kind: ClusterRole, name: r', ACCOUNT_YAML),
      ),
      [true, true, true],
    ],
    [
      'a ClusterRoleBinding cannot name a Role',
      yaml(
        role('Role', 'r', 'get', 'pods'),
        binding('ClusterRoleBinding', 'b', 'kind: Role, name: r', ACCOUNT_YAML),
      ),
      [false, false, false],
    ],
    [
      'a binding without its role gives nothing',
      binding('RoleBinding', 'b', 'kind: Role, name: gone', ACCOUNT_YAML),
      [false, false, false],
    ],
    [
      'a service account bound as a user',
      yaml(
        role('ClusterRole', 'r', 'get', 'pods'),
        binding(
          'ClusterRoleBinding',
          'b',
          'kind: ClusterRole, name: r',
          '{kind: User, name: "system:serviceaccount:shop:web"}',
        ),
      ),
      [true, true, true],
    ],
    [
      'all service accounts',
      yaml(
        role('ClusterRole', 'r', 'get', 'pods'),
        binding(
          'ClusterRoleBinding',
          'b',
          'kind: ClusterRole, name: r',
          '{kind: Group, name: "system:serviceaccounts"}',
        ),
      ),
      [true, true, true],
    ],
    [
      "another namespace's service accounts",
      yaml(
        role('ClusterRole', 'r', 'get', 'pods'),
        binding(
          'ClusterRoleBinding',
          'b',
          'kind: ClusterRole, name: r',
          '{kind: Group, name: "system:serviceaccounts:other"}',
        ),
      ),
      [false, false, false],
    ],
    [
      'everyone who is authenticated',
      yaml(
        role('ClusterRole', 'r', 'get', 'pods'),
        binding(
          'ClusterRoleBinding',
          'b',
          'kind: ClusterRole, name: r',
          '{kind: Group, name: "system:authenticated"}',
        ),
      ),
      [true, true, true],
    ],
    [
      'a service account without a namespace names nobody',
      yaml(
        role('Role', 'r', 'get', 'pods'),
        binding('RoleBinding', 'b', 'kind: Role, name: r', '{kind: ServiceAccount, name: web}'),
      ),
      [false, false, false],
    ],
  ])('%s', (_name, documents, [shop, other, cluster]) => {
    const rbac = index(documents);

    expect(['shop', 'other', ''].map((namespace) => rbac.can(ACCOUNT, GET_PODS, namespace).allowed)).toEqual([
      shop,
      other,
      cluster,
    ]);
  });

  it('names the binding and the role that decide', () => {
    const decision = index(
      yaml(
        role('Role', 'r', 'get', 'pods'),
        binding('RoleBinding', 'b', 'kind: Role, name: r', ACCOUNT_YAML),
      ),
    ).can(ACCOUNT, GET_PODS, 'shop');

    expect(decision).toMatchObject({ allowed: true, grant: { binding: { name: 'b' }, role: { name: 'r' } } });
  });

  it('lists bindings whose role is not there', () => {
    expect(index(binding('RoleBinding', 'b', 'kind: Role, name: gone', ACCOUNT_YAML)).dangling).toMatchObject(
      [{ binding: { name: 'b' }, roleKind: 'Role', roleName: 'gone' }],
    );
  });

  it('lets the masters do everything, whatever is bound', () => {
    expect(
      index('{}').can({ kind: 'Group', namespace: '', name: 'system:masters' }, GET_PODS, '').allowed,
    ).toBe(true);
  });

  it('keeps anonymous users out of the authenticated', () => {
    const documents = yaml(
      role('ClusterRole', 'r', 'get', 'pods'),
      binding(
        'ClusterRoleBinding',
        'b',
        'kind: ClusterRole, name: r',
        '{kind: Group, name: "system:unauthenticated"}',
      ),
    );

    expect(
      index(documents).can({ kind: 'User', namespace: '', name: 'system:anonymous' }, GET_PODS, '').allowed,
    ).toBe(true);
    expect(index(documents).can({ kind: 'User', namespace: '', name: 'jane' }, GET_PODS, '').allowed).toBe(
      false,
    );
  });

  it('gives paths only through a ClusterRoleBinding', () => {
    const paths = `${API}\nkind: ClusterRole\nmetadata: {name: r}\nrules: [{nonResourceURLs: [/metrics], verbs: [get]}]\n`;
    const can = (kind: string): boolean =>
      index(yaml(paths, binding(kind, 'b', 'kind: ClusterRole, name: r', ACCOUNT_YAML))).canPath(ACCOUNT, {
        verb: 'get',
        path: '/metrics',
      }).allowed;

    expect([can('ClusterRoleBinding'), can('RoleBinding')]).toEqual([true, false]);
  });
});

const aggregated = (name: string, selects: string, labels = ''): string =>
  `${API}\nkind: ClusterRole\nmetadata: {name: ${name}${labels}}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {to: ${selects}}}]}\nrules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]\n`;

describe('aggregated cluster roles', () => {
  const bound = binding('ClusterRoleBinding', 'b', 'kind: ClusterRole, name: top', ACCOUNT_YAML);
  const pods = role('ClusterRole', 'pods', 'get', 'pods', ', labels: {to: a}');

  it('have the rules of what they select, through each other, and not those written in them', () => {
    const rbac = index(
      yaml(aggregated('top', 'b'), aggregated('middle', 'a', ', labels: {to: b}'), pods, bound),
    );

    expect(rbac.can(ACCOUNT, GET_PODS, '').allowed).toBe(true);
    expect(rbac.can(ACCOUNT, { ...GET_PODS, resource: 'secrets' }, '').allowed).toBe(false);
  });

  it('may aggregate each other in a circle', () => {
    const rbac = index(
      yaml(
        aggregated('top', 'a', ', labels: {to: a}'),
        aggregated('other', 'a', ', labels: {to: a}'),
        pods,
        bound,
      ),
    );

    expect(rbac.can(ACCOUNT, GET_PODS, '').allowed).toBe(true);
  });

  it('do not depend on the order of the objects', () => {
    const documents = [aggregated('top', 'b'), aggregated('middle', 'a', ', labels: {to: b}'), pods, bound];
    fc.assert(
      fc.property(fc.shuffledSubarray(documents, { minLength: documents.length }), (shuffled) => {
        expect(index(yaml(...shuffled)).can(ACCOUNT, GET_PODS, '').allowed).toBe(true);
      }),
      { numRuns: 24 },
    );
  });
});

describe('several bindings', () => {
  it('add up: a subject may do what any of them allows', () => {
    const verbs = ['get', 'list', 'watch', 'create'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...verbs), { maxLength: 4 }), (granted) => {
        const documents = granted.flatMap((verb, at) => [
          role('Role', `r${at}`, verb, 'pods'),
          binding('RoleBinding', `b${at}`, `kind: Role, name: r${at}`, ACCOUNT_YAML),
        ]);
        const rbac = index(documents.length === 0 ? '{}' : yaml(...documents));

        for (const verb of verbs)
          expect(rbac.can(ACCOUNT, { ...GET_PODS, verb }, 'shop').allowed).toBe(granted.includes(verb));
      }),
    );
  });
});
