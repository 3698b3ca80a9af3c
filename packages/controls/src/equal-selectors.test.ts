import { Judge, Plan, World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { CONTROLS } from './registry.ts';

const MANY = 2000;

function many(document: (index: number) => string): string {
  return Array.from({ length: MANY }, (_item, index) => document(index)).join('\n---\n');
}

const DEPLOYMENTS = many(
  (index) =>
    `{apiVersion: apps/v1, kind: Deployment, metadata: {name: w${index}, namespace: a}, spec: {selector: {matchLabels: {app: x}}, template: {metadata: {labels: {app: x}}, spec: {containers: [{name: c, image: nginx}]}}}}`,
);

/** Controls that look beyond their object; the others cannot be slow for this reason. */
const PLAN = new Plan(CONTROLS.filter(({ looks }) => looks !== 'object'));

describe('many objects that select the same many pods', () => {
  it.each([
    {
      name: 'Services',
      document: (index: number) =>
        `{apiVersion: v1, kind: Service, metadata: {name: s${index}, namespace: a}, spec: {type: LoadBalancer, selector: {app: x}, ports: [{port: 80, targetPort: web}]}}`,
    },
    {
      name: 'disruption budgets',
      document: (index: number) =>
        `{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: p${index}, namespace: a}, spec: {minAvailable: 1, selector: {matchLabels: {app: x}}}}`,
    },
    {
      name: 'network policies',
      document: (index: number) =>
        `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n${index}, namespace: a}, spec: {podSelector: {matchLabels: {app: x}}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}}`,
    },
    {
      name: 'bindings of their account',
      document: (index: number) =>
        `{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b${index}, namespace: a}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}, subjects: [{kind: ServiceAccount, name: default, namespace: a}]}`,
    },
  ])('are judged in linear time: $name', ({ document }) => {
    const { world } = World.of(resourcesOf(`${DEPLOYMENTS}\n---\n${many(document)}`));
    const { user: before } = process.cpuUsage();

    const findings = new Judge(world, PLAN, { minor: 37, text: '1.37' }).findings();

    expect(findings.length).toBeGreaterThan(0);
    expect(Math.max(...findings.map(({ message }) => message.length))).toBeLessThan(2000);
    // In microseconds. It takes a fraction of this; with one look at every pod for each of the others, several times it.
    expect(process.cpuUsage().user - before).toBeLessThan(8_000_000);
  });
});
