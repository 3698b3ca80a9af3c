import { arrayAt, get, type Json, objectAt, type Path, type Resource, stringAt } from '@bulwark/core';
import type { ResourceName } from '../resources/container-resources.ts';

/** A metric of a HorizontalPodAutoscaler that compares what pods use with what they request. */
export interface UtilizationMetric {
  readonly resource: ResourceName;
  /** The only container that counts, undefined where all of a pod do. */
  readonly container: string | undefined;
  readonly path: Path;
}

const METRICS: Path = ['spec', 'metrics'];
/** In which autoscaling/v1 keeps the metrics that its fields cannot say. */
const HIDDEN = 'autoscaling.alpha.kubernetes.io/metrics';

/** Those of an autoscaler. Without any metrics the API server adds one of CPU. */
export function utilizationMetrics({ object }: Resource): readonly UtilizationMetric[] {
  const metrics = arrayAt(object, ...METRICS) ?? [];
  if (metrics.length > 0)
    return metrics.flatMap((metric, index) => toUtilization(metric, [...METRICS, index]));
  if (objectAt(object, 'metadata', 'annotations')?.[HIDDEN] !== undefined) return [];
  const ofFirstVersion = ['spec', 'targetCPUUtilizationPercentage'];
  const path = (get(object, ...ofFirstVersion) ?? null) === null ? METRICS : ofFirstVersion;
  return [{ resource: 'cpu', container: undefined, path }];
}

function toUtilization(metric: Json, path: Path): readonly UtilizationMetric[] {
  const field = stringAt(metric, 'type') === 'ContainerResource' ? 'containerResource' : 'resource';
  const source = get(metric, field);
  const resource = stringAt(source, 'name');
  const isRelative =
    stringAt(source, 'target', 'type') === 'Utilization' ||
    get(source, 'targetAverageUtilization') !== undefined;
  if (!isRelative || (resource !== 'cpu' && resource !== 'memory')) return [];
  return [{ resource, container: stringAt(source, 'container'), path: [...path, field] }];
}
