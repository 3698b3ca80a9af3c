import {
  type Analysis,
  arrayAt,
  get,
  groupKindOf,
  groupOf,
  objectAt,
  type Resource,
  stringAt,
} from '@bulwark/core';
import { VERTICAL_AUTOSCALER } from './autoscaling.ts';

const BY_DEFAULT: readonly string[] = ['cpu', 'memory'];
const NOTHING: readonly string[] = [];

/** What VerticalPodAutoscalers set in the pods of a workload. */
export interface VerticalAutoscalers {
  /** The resources of which a container gets a request when its pod is made. */
  requestedFor(resource: Resource, container: string): readonly string[];
}

/** An autoscaler's policy for a container: its own, else that of all containers. */
function requestedBy(autoscaler: Resource, container: string): readonly string[] {
  const policies = arrayAt(autoscaler.object, 'spec', 'resourcePolicy', 'containerPolicies') ?? [];
  const policy =
    policies.find((each) => get(each, 'containerName') === container) ??
    policies.find((each) => get(each, 'containerName') === '*');
  if (get(policy, 'mode') === 'Off') return NOTHING;
  const controlled = arrayAt(policy, 'controlledResources');
  return controlled?.filter((name) => typeof name === 'string') ?? BY_DEFAULT;
}

/**
 * VerticalPodAutoscalers that write requests into pods, by their `targetRef`; those with the mode Off only recommend.
 * One without a namespace goes wherever it is applied to, so it is matched by kind and name alone. Cost: linear in
 * autoscalers.
 */
export const verticalAutoscalers: Analysis<VerticalAutoscalers> = {
  id: 'vertical-autoscalers',
  reads: [VERTICAL_AUTOSCALER],
  compute(world) {
    const byTarget = new Map<string, Resource>();
    for (const autoscaler of world.list(VERTICAL_AUTOSCALER)) {
      const spec = objectAt(autoscaler.object, 'spec');
      if (stringAt(spec, 'updatePolicy', 'updateMode') === 'Off') continue;
      const group = groupOf(stringAt(spec, 'targetRef', 'apiVersion') ?? '');
      const groupKind = groupKindOf(group, stringAt(spec, 'targetRef', 'kind') ?? '');
      const name = stringAt(spec, 'targetRef', 'name') ?? '';
      byTarget.set(`${groupKind}|${autoscaler.namespace}|${name}`, autoscaler);
    }
    return {
      requestedFor({ key, groupKind, name }, container) {
        const autoscaler = byTarget.get(key) ?? byTarget.get(`${groupKind}||${name}`);
        return autoscaler === undefined ? NOTHING : requestedBy(autoscaler, container);
      },
    };
  },
};
