import { HORIZONTAL_AUTOSCALER } from '@bulwark/analyses';
import { defineControl, get, kinds } from '@bulwark/core';

export const hpaCannotScale = defineControl({
  id: 'hpa-cannot-scale',
  aliases: ['polaris:hpaMaxAvailability'],
  title: 'Autoscalers must have room to scale',
  problem: 'have no room to scale',
  message: '{resource} scales from {minimum} to {maximum} replicas.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'An autoscaler whose maximum is its minimum never adds a pod, so the first peak, or a modest flood of requests, overloads what it was meant to keep up. One whose maximum is below its minimum is refused.',
  remediation: 'Set maxReplicas above minReplicas, or remove the autoscaler and set the number of replicas.',
  references: ['https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/'],
  attack: ['T1499'],
  appliesTo: kinds(HORIZONTAL_AUTOSCALER),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    const minimum = get(resource.object, 'spec', 'minReplicas') ?? 1;
    const maximum = get(resource.object, 'spec', 'maxReplicas');
    if (typeof minimum === 'number' && typeof maximum === 'number' && maximum <= minimum)
      yield at('spec.maxReplicas', { minimum, maximum });
  },
});
