import { autoscalers, HORIZONTAL_AUTOSCALER, SCALED_OBJECT } from '@bulwark/analyses';
import {
  type GroupKind,
  get,
  isControlled,
  type Resource,
  type WorkloadView,
  type WorldView,
} from '@bulwark/core';
import { whyNotOperated } from '../resources/judged-pods.ts';

/** Kinds that keep a number of equal pods running. */
const REPLICATED: ReadonlySet<GroupKind> = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/ReplicaSet',
  'ReplicationController',
  'argoproj.io/Rollout',
]);

/** Whether a resource is of a kind that keeps a number of equal pods running. */
export function isReplicated({ groupKind }: Resource): boolean {
  return REPLICATED.has(groupKind);
}

/** Whether the object is only a part of one, as a patch is: no container of it has an image. */
export function isPartial({ workloads }: Resource): boolean {
  return workloads.every(({ containers }) => containers.every(({ spec }) => spec['image'] === undefined));
}

/** Why rules about pods that serve side by side say nothing about this pod template. */
export function whyNotReplicated(view: WorkloadView): string | undefined {
  if (!isReplicated(view.resource)) return 'Its kind keeps no number of equal pods.';
  if (isControlled(view.resource)) return 'Its owner decides about it.';
  if (isPartial(view.resource)) return 'Its containers have no images, so it is a part of a manifest.';
  return whyNotOperated(view);
}

/** The autoscalers that set a resource's number of pods. */
export function replicaScalersOf(resource: Resource, world: WorldView): readonly Resource[] {
  return world
    .get(autoscalers)
    .autoscalersOf(resource)
    .filter(({ groupKind }) => groupKind === HORIZONTAL_AUTOSCALER || groupKind === SCALED_OBJECT);
}

/** The number of pods that the object itself asks for; undefined where it is not a number, such as a placeholder. */
export function ownReplicas({ object }: Resource): number | undefined {
  const replicas = get(object, 'spec', 'replicas') ?? 1;
  return typeof replicas === 'number' ? replicas : undefined;
}

/**
 * The fewest pods that a resource has while it runs: by its autoscalers where it has any, else by itself. Undefined
 * where that cannot be known. Reads `autoscalers`.
 */
export function fewestReplicas(resource: Resource, world: WorldView): number | undefined {
  const scalers = replicaScalersOf(resource, world);
  if (scalers.length === 0) return ownReplicas(resource);
  const counts = scalers.map(minimumOf);
  return counts.includes(undefined) ? undefined : Math.min(...counts.map((count) => count ?? 0));
}

/** An autoscaler that goes down to zero has one pod as soon as there is work. */
function minimumOf({ groupKind, object }: Resource): number | undefined {
  const field = groupKind === SCALED_OBJECT ? 'minReplicaCount' : 'minReplicas';
  const minimum = get(object, 'spec', field) ?? 1;
  return typeof minimum === 'number' ? Math.max(1, minimum) : undefined;
}

/** Why a rule about several equal pods says nothing: the kind, or that there is only one pod. Reads `autoscalers`. */
export function whyNotSeveral(view: WorkloadView): string | undefined {
  const reason = whyNotReplicated(view);
  if (reason !== undefined) return reason;
  const fewest = fewestReplicas(view.resource, view.world);
  if (fewest === undefined) return 'Its number of pods is not known.';
  return fewest < 2 ? 'It may run as a single pod.' : undefined;
}
