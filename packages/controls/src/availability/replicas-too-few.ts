import { autoscalers } from '@bulwark/analyses';
import { defineControl, get, integerParam, mayBreak, type WorkloadView, workloads } from '@bulwark/core';
import { ownReplicas, replicaScalersOf, whyNotReplicated } from './replica-count.ts';

const KINDS = new Set(['apps/Deployment', 'argoproj.io/Rollout']);

function whyNotCounted(view: WorkloadView): string | undefined {
  const { resource, world } = view;
  if (!KINDS.has(resource.groupKind)) return 'How many pods its kind needs depends on what they keep.';
  const reason = whyNotReplicated(view);
  if (reason !== undefined) return reason;
  if (replicaScalersOf(resource, world).length > 0) return 'An autoscaler sets its number of pods.';
  if (get(resource.object, 'spec', 'strategy', 'type') === 'Recreate')
    return 'It is written never to run beside another copy of itself.';
  const replicas = ownReplicas(resource);
  if (replicas === undefined) return 'Its number of pods is not known.';
  return replicas === 0 ? 'It is switched off.' : undefined;
}

export const replicasTooFew = defineControl({
  id: 'replicas-too-few',
  aliases: [
    'kube-linter:minimum-three-replicas',
    'kube-score:deployment-replicas',
    'polaris:deploymentMissingReplicas',
    'kyverno:deployment-has-multiple-replicas',
  ],
  title: 'Deployments must have enough replicas',
  problem: 'have too few replicas',
  message: '{resource} has {replicas} of at least {minimum} replicas.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'With a single pod every drain of its node, every crash and every failed node is an outage, and nobody can replace a pod, or patch a node, without planning one.',
  remediation:
    'Set spec.replicas to two or more where the program may run more than once, or let a HorizontalPodAutoscaler do it. Where it must not, set the strategy to Recreate, which says so.',
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/'],
  attack: [],
  params: {
    minimum: integerParam('The fewest replicas that are enough.', { default: 2, minimum: 1 }),
  },
  fix: {
    ...mayBreak('A program that must not run twice, or a volume that only one node may mount, may fail.'),
    edits: ({ path, facts }) => [{ op: 'set', path, value: Number(facts['minimum']) }],
  },
  appliesTo: workloads,
  looks: 'world',
  reads: [autoscalers],
  notApplicable: whyNotCounted,
  *evaluate({ resource, params: { minimum } }) {
    const replicas = ownReplicas(resource) ?? minimum;
    if (replicas < minimum) yield { path: ['spec', 'replicas'], facts: { replicas, minimum } };
  },
});
