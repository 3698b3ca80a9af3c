import { autoscalers, HORIZONTAL_AUTOSCALER, verticalAutoscalers } from '@bulwark/analyses';
import { defineControl, kinds, type ObjectView } from '@bulwark/core';
import { type UtilizationMetric, utilizationMetrics } from './utilization-metrics.ts';

/** The containers whose request a vertical autoscaler sets and this metric compares with. */
function contested({ resource, world }: ObjectView, metric: UtilizationMetric): readonly string[] {
  const target = world.get(autoscalers).targetOf(resource)?.target;
  if (target === undefined) return [];
  const vertical = world.get(verticalAutoscalers);
  return target.workloads
    .flatMap(({ containers }) => containers)
    .filter(
      ({ type, name }) => type === 'regular' && (metric.container === undefined || metric.container === name),
    )
    .filter(({ name }) => vertical.requestedFor(target, name).includes(metric.resource))
    .map(({ name }) => name);
}

export const vpaHpaConflict = defineControl({
  id: 'vpa-hpa-conflict',
  aliases: [],
  title: 'Horizontal and vertical autoscalers must not act on the same resource',
  problem: 'compare with a request that a vertical autoscaler changes',
  message: '{resource} scales by the {name} request of {containers}, which a VerticalPodAutoscaler sets.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Each of the two answers what the other does: a larger request makes the utilization look smaller, which takes pods away, which loads the others more. The number of pods and their size then follow no load.',
  remediation:
    'Let one of them be: give the VerticalPodAutoscaler controlledResources without that resource, or updateMode Off, or scale horizontally by another metric.',
  references: [
    'https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/known-limitations.md',
  ],
  attack: [],
  appliesTo: kinds(HORIZONTAL_AUTOSCALER),
  looks: 'world',
  reads: [autoscalers, verticalAutoscalers],
  notApplicable: ({ resource, world }) =>
    world.get(autoscalers).targetOf(resource)?.target === undefined
      ? 'What it scales is not in view.'
      : undefined,
  *evaluate(view) {
    for (const metric of utilizationMetrics(view.resource)) {
      const containers = contested(view, metric);
      if (containers.length > 0) yield view.at(metric.path, { name: metric.resource, containers });
    }
  },
});
