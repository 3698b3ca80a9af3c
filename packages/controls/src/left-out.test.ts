import { groupFindings, Judge, Plan, severityRank, World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { CONTROLS } from './registry.ts';

const byId = new Map(CONTROLS.map((control) => [control.id as string, control]));

describe('what a control leaves out of reports for people', () => {
  it.each(
    CONTROLS.flatMap(({ id, severity, refines = [], covers = [], causedBy = [] }) =>
      [...refines, ...covers, ...causedBy].map((other) => ({ id, severity, other })),
    ),
  )('$id leaves out $other, which exists and is not worse', ({ id, severity, other }) => {
    const left = byId.get(other);

    expect(left).toBeDefined();
    expect(other).not.toBe(id);
    expect(severityRank(severity)).toBeLessThanOrEqual(severityRank(left?.severity ?? 'critical'));
  });
});

describe('what controls leave out of each other', () => {
  it('is told by one that is left in: nothing leaves out, over others, itself', () => {
    const others = (id: string): readonly string[] => {
      const { refines = [], covers = [], causedBy = [] } = byId.get(id) ?? {};
      return [...refines, ...covers, ...causedBy];
    };
    const circles = CONTROLS.filter(({ id }) => {
      const reached = new Set(others(id));
      // What is added while it is gone through is gone through as well.
      for (const each of reached) for (const other of others(each)) reached.add(other);
      return reached.has(id);
    });

    expect(circles.map(({ id }) => id)).toEqual([]);
  });
});

describe('a workload that can take over the cluster', () => {
  const workload = (name: string): string =>
    `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ops }
spec: { template: { spec: { serviceAccountName: ${name}, containers: [{ name: app, image: x }] } } }`;
  const binding = (name: string, role: string, ...accounts: string[]): string =>
    `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: ${name} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role} }
subjects: [${accounts.map((each) => `{ kind: ServiceAccount, name: ${each}, namespace: ops }`).join(', ')}]`;
  const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: strong }
rules: [{ apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [escalate, update] }, { apiGroups: [""], resources: [secrets], verbs: [list] }]`;
  const groups = (...documents: string[]): string[] => {
    const { world } = World.of(resourcesOf(documents.join('\n---\n')));
    const plan = CONTROLS.filter(({ id }) => /^(?:workload-cluster|cluster-admin|rbac-)/.test(id));
    const judge = new Judge(world, new Plan(plan), { minor: 37, text: '1.37' });
    return groupFindings(judge.findings(), plan).map(({ control }) => control.id);
  };

  it.each<[string, string[], string[]]>([
    ['is one group with the binding that lets it', [workload('a'), binding('a', 'cluster-admin', 'a')], []],
    [
      'leaves the binding where no workload uses it',
      [binding('a', 'cluster-admin', 'a')],
      ['cluster-admin-binding'],
    ],
    [
      'leaves a binding that is for others as well',
      [workload('a'), binding('a', 'cluster-admin', 'a', 'b')],
      ['cluster-admin-binding'],
    ],
    [
      'is one group with the rule that lets it, and not with other rules of the role',
      [workload('a'), binding('a', 'strong', 'a'), role],
      ['rbac-secrets-read'],
    ],
    [
      'leaves the rules of a role that is bound again',
      [workload('a'), binding('a', 'strong', 'a'), binding('b', 'strong', 'b'), role],
      ['rbac-escalate', 'rbac-secrets-read'],
    ],
  ])('%s', (_name, documents, expected) => {
    const found = groups(...documents).filter((id) =>
      ['rbac-escalate', 'rbac-secrets-read', 'cluster-admin-binding'].includes(id),
    );

    expect(found).toEqual(expected);
    expect(groups(...documents).includes('workload-cluster-takeover')).toBe(
      documents[0]?.includes('Deployment'),
    );
  });
});
