import {
  autoscalers,
  HORIZONTAL_AUTOSCALER,
  limitRangeDefaults,
  verticalAutoscalers,
} from '@bulwark/analyses';
import { defineControl, kinds, type ObjectView } from '@bulwark/core';
import { isRequested } from '../resources/container-resources.ts';
import { isPartial } from './replica-count.ts';
import { type UtilizationMetric, utilizationMetrics } from './utilization-metrics.ts';

/** The containers that a metric needs a request of, and that have none. */
function withoutRequest(view: ObjectView, { resource: name, container: only }: UtilizationMetric): string[] {
  const { world, kubernetes } = view;
  const target = world.get(autoscalers).targetOf(view.resource)?.target;
  if (target === undefined) return [];
  return target.workloads.flatMap(({ spec, containers }) =>
    containers
      .filter(({ type, name: own }) => type === 'regular' && (only === undefined || only === own))
      .filter((container) => !isRequested({ resource: target, spec, container, world, kubernetes }, name))
      .map((container) => container.name),
  );
}

export const hpaRequestMissing = defineControl({
  id: 'hpa-request-missing',
  aliases: [],
  title: 'Autoscalers must find the requests that they compare with',
  problem: 'compare with requests that are not there',
  message: '{resource} scales by the part of its {name} request that a pod uses; without one: {containers}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A utilization is a part of a request. If one container of the pod has none, the autoscaler computes nothing and never scales by that metric, and says so only in its status.',
  remediation:
    'Set the request on every container of the target, use a ContainerResource metric for the one that matters, or compare with an AverageValue instead. An autoscaler without metrics scales by CPU.',
  references: [
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#support-for-resource-metrics',
  ],
  attack: [],
  appliesTo: kinds(HORIZONTAL_AUTOSCALER),
  looks: 'world',
  reads: [autoscalers, limitRangeDefaults, verticalAutoscalers],
  notApplicable({ resource, world }) {
    const target = world.get(autoscalers).targetOf(resource)?.target;
    if (target === undefined) return 'What it scales is not in view.';
    return isPartial(target) ? 'Only a part of what it scales is in view.' : undefined;
  },
  *evaluate(view) {
    for (const metric of utilizationMetrics(view.resource)) {
      const containers = withoutRequest(view, metric);
      if (containers.length > 0) yield view.at(metric.path, { name: metric.resource, containers });
    }
  },
});
