import { Judge, Plan, type Verdict, World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { expect, it } from 'vitest';
import { podWithoutNetworkPolicy } from './pod-without-network-policy.ts';

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: app, image: example.com/app:1 }] }
`;

function policyFor(app: string) {
  return resourcesOf(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: policy, namespace: shop }
spec: { podSelector: { matchLabels: { app: ${app} } } }
`);
}

function verdictOf(judge: Judge): Verdict | undefined {
  return [...judge.all()].find(({ resource }) => resource.kind === 'Pod')?.outcome.verdict;
}

it('judges a pod anew when a policy comes, changes and goes', () => {
  const { world } = World.of(resourcesOf(POD));
  const judge = new Judge(world, new Plan([podWithoutNetworkPolicy]), { minor: 37, text: '1.37' });
  const verdicts = [verdictOf(judge)];

  for (const change of [
    { upsert: policyFor('web') },
    { upsert: policyFor('api') },
    { upsert: policyFor('web') },
    { upsert: [], remove: policyFor('web').map(({ id }) => id) },
  ]) {
    judge.apply(change);
    verdicts.push(verdictOf(judge));
  }

  expect(verdicts).toEqual(['fail', 'pass', 'fail', 'pass', 'fail']);
});
