import { type Resource, World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { disruptionBudgets } from '../context/disruption.ts';
import { networkPolicies } from './policies.ts';
import { serviceTargets } from './services.ts';

const pod = (name: string, labels: string): string =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, labels: ${labels}}, spec: {containers: []}}`;
const service = (name: string, selector: string): string =>
  `{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: shop}, spec: {selector: ${selector}}}`;
const budget = (name: string, app: string): string =>
  `{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: ${name}, namespace: shop}, spec: {selector: {matchLabels: {app: ${app}}}}}`;
const policy = (name: string): string =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${name}, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}}}`;

function world(...documents: readonly string[]): World {
  return World.of(resourcesOf(documents.join('\n---\n'))).world;
}

function named(all: World, kind: string, name: string): Resource {
  const found = all.list(kind).find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

describe('what selects the same', () => {
  const pods = [pod('one', '{app: web, tier: a}'), pod('two', '{app: web, tier: a}')];

  it('shares its list of pods, and the pods share what selects them', () => {
    const all = world(...pods, service('a', '{app: web}'), service('b', '{app: web}'));
    const targets = all.get(serviceTargets);
    const [one, two] = [named(all, 'Pod', 'one'), named(all, 'Pod', 'two')];

    expect(targets.targetsOf(named(all, 'Service', 'a'))).toBe(targets.targetsOf(named(all, 'Service', 'b')));
    expect(targets.servicesOf({ resource: one })).toBe(targets.servicesOf({ resource: two }));
    expect(targets.servicesOf({ resource: one }).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('does so for budgets', () => {
    const all = world(...pods, budget('a', 'web'), budget('b', 'web'));
    const budgets = all.get(disruptionBudgets);
    const kind = 'policy/PodDisruptionBudget';

    expect(budgets.protectedBy(named(all, kind, 'a'))).toBe(budgets.protectedBy(named(all, kind, 'b')));
    expect(budgets.budgetsOf({ resource: named(all, 'Pod', 'one') })).toBe(
      budgets.budgetsOf({ resource: named(all, 'Pod', 'two') }),
    );
  });

  it('does so for policies, asked for the same labels in any order', () => {
    const index = world(policy('a'), policy('b')).get(networkPolicies);

    expect(index.selecting('shop', { app: 'web', tier: 'a' }, 'ingress')).toBe(
      index.selecting('shop', { tier: 'a', app: 'web' }, 'ingress'),
    );
    expect(index.otherPolicies('shop')).toBe(index.otherPolicies('shop'));
  });

  it('stands in the order of the World among what selects in another way', () => {
    const all = world(
      ...pods,
      pod('three', '{app: web, tier: b}'),
      service('a', '{app: web}'),
      service('b', '{tier: a}'),
      service('c', '{app: web}'),
      service('d', '{tier: b}'),
    );
    const names = ['one', 'three'].map((name) =>
      all
        .get(serviceTargets)
        .servicesOf({ resource: named(all, 'Pod', name) })
        .map((found) => found.name),
    );

    expect(names).toEqual([
      ['a', 'b', 'c'],
      ['a', 'c', 'd'],
    ]);
  });
});
