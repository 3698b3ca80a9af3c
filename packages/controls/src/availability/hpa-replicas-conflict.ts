import { autoscalers } from '@bulwark/analyses';
import { defineControl, get, mayBreak, removeField, workloads } from '@bulwark/core';
import { isReplicated, replicaScalersOf } from './replica-count.ts';

export const hpaReplicasConflict = defineControl({
  id: 'hpa-replicas-conflict',
  aliases: ['kube-score:deployment-targeted-by-hpa-does-not-have-replicas-configured'],
  title: 'Workloads with an autoscaler must not set their replicas',
  problem: 'set replicas that an autoscaler sets as well',
  message: '{resource} sets {replicas} replicas, and {autoscaler} scales it.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Every time the manifest is applied, the number of pods jumps back to the one in it. In the middle of a peak that takes away the pods that carry it.',
  remediation:
    'Remove spec.replicas from the manifest and let the autoscaler decide. Before the first kubectl apply without it, remove it from the last-applied annotation, or the number drops to one for a moment.',
  references: [
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling',
  ],
  attack: [],
  fix: removeField(
    mayBreak('With client-side kubectl apply the number of pods drops to one until the autoscaler acts.'),
  ),
  appliesTo: workloads,
  looks: 'world',
  reads: [autoscalers],
  notApplicable({ resource, world }) {
    if (!isReplicated(resource)) return 'Its kind keeps no number of equal pods.';
    if (replicaScalersOf(resource, world).length === 0) return 'No autoscaler sets its number of pods.';
    // The API server fills in the field, and the autoscaler writes it.
    const isLive =
      resource.origin.kind === 'cluster' || get(resource.object, 'metadata', 'uid') !== undefined;
    return isLive ? 'In a cluster the field holds what the autoscaler has set.' : undefined;
  },
  *evaluate({ resource, world }) {
    const replicas = get(resource.object, 'spec', 'replicas');
    const [scaler] = replicaScalersOf(resource, world);
    if (typeof replicas === 'number' && scaler !== undefined)
      yield {
        path: ['spec', 'replicas'],
        facts: { replicas, autoscaler: `${scaler.kind}/${scaler.name}` },
      };
  },
});
