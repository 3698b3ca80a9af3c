import { HORIZONTAL_AUTOSCALER } from '@bulwark/analyses';
import {
  defineControl,
  get,
  integerParam,
  isControlled,
  kinds,
  mayBreak,
  type ObjectView,
} from '@bulwark/core';

function minimumOf({ resource }: ObjectView) {
  return get(resource.object, 'spec', 'minReplicas') ?? 1;
}

export const hpaMinReplicas = defineControl({
  id: 'hpa-min-replicas',
  aliases: [
    'kube-linter:hpa-minimum-three-replicas',
    'kube-score:horizontalpodautoscaler-replicas',
    'polaris:hpaMinAvailability',
  ],
  title: 'Autoscalers must keep enough replicas',
  problem: 'may go down to too few replicas',
  message: '{resource} may go down to {replicas} of at least {minimum} replicas.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'In quiet hours the autoscaler removes pods down to its minimum. If that is one, then a drained or failed node is an outage, and the next peak begins with a single pod.',
  remediation:
    'Set minReplicas to two or more. Without it the minimum is one. Zero, where the cluster allows it, is taken as meant.',
  references: ['https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/'],
  attack: [],
  params: {
    minimum: integerParam('The fewest replicas that are enough.', { default: 2, minimum: 1 }),
  },
  fix: {
    ...mayBreak(
      'A program that must not run twice may fail, and a maximum below the new minimum is refused.',
    ),
    edits: ({ path, facts }) => [{ op: 'set', path, value: Number(facts['minimum']) }],
  },
  appliesTo: kinds(HORIZONTAL_AUTOSCALER),
  looks: 'object',
  reads: [],
  notApplicable(view) {
    if (isControlled(view.resource)) return 'Its owner decides about it.';
    const minimum = minimumOf(view);
    if (typeof minimum !== 'number') return 'Its minimum is not known.';
    return minimum === 0 ? 'It is meant to go down to zero.' : undefined;
  },
  *evaluate(view) {
    const replicas = Number(minimumOf(view));
    const { minimum } = view.params;
    if (replicas < minimum) yield view.at('spec.minReplicas', { replicas, minimum });
  },
});
