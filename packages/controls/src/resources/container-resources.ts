import {
  type ContainerDefaults,
  type EffectiveResources,
  effectiveResources,
  limitRangeDefaults,
  verticalAutoscalers,
} from '@bulwark/analyses';
import { type ContainerView, get, type Json, type Path, parseQuantity } from '@bulwark/core';

/** The resources that a container, a pod or a LimitRange can set amounts of. */
export type ResourceName = 'cpu' | 'memory' | 'ephemeral-storage';

/** A container and what surrounds it. */
export type ContainerPlace = Pick<ContainerView, 'resource' | 'spec' | 'kubernetes' | 'world' | 'container'>;

/** From this minor version on, amounts of the pod as a whole count without a feature gate (KEP-2837). */
export const POD_LEVEL_RESOURCES = 34;

/** A step of a Tekton task has its resources under another name since v1 (tekton.dev/v1, Step). */
function resourcesField({ resource }: ContainerPlace): string {
  return resource.apiVersion === 'tekton.dev/v1' ? 'computeResources' : 'resources';
}

/** Where a container writes its limit of a resource, from the container. */
export function limitPath(view: ContainerPlace, name: string): Path {
  return [resourcesField(view), 'limits', name];
}

/** Where a container writes its request of a resource, from the container. */
export function requestPath(view: ContainerPlace, name: string): Path {
  return [resourcesField(view), 'requests', name];
}

/** Whether an amount counts: zero binds and reserves nothing. Text that is no amount is not judged here. */
function counts(amount: Json | undefined): boolean {
  if (amount === undefined || amount === null) return false;
  const parsed = parseQuantity(amount);
  return !parsed.ok || parsed.value.nano > 0n;
}

function isAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null;
}

/** Whether the pod as a whole sets an amount, which its containers share. It cannot set ephemeral storage. */
function podSets(view: ContainerPlace, field: 'limits' | 'requests', name: ResourceName): boolean {
  if (view.kubernetes.minor < POD_LEVEL_RESOURCES || name === 'ephemeral-storage') return false;
  return counts(get(view.spec, 'resources', field, name));
}

function defaultsOf({ world, resource }: ContainerPlace): ContainerDefaults {
  return world.get(limitRangeDefaults).of(resource.namespace);
}

/** The container's own limit, else the one that admission takes from the namespace's LimitRanges, or the pod's. */
export function isLimited(view: ContainerPlace, name: ResourceName): boolean {
  const own = get(view.container.spec, ...limitPath(view, name));
  if (counts(own) || podSets(view, 'limits', name)) return true;
  // LimitRanger fills in what is absent; a limit of zero is there.
  return isAbsent(own) && (defaultsOf(view).limits.get(name)?.nano ?? 0n) > 0n;
}

/**
 * As `isLimited`, for the request. A VerticalPodAutoscaler may write it, and the API server takes a limit for the
 * request where only a limit is written.
 */
export function isRequested(view: ContainerPlace, name: ResourceName): boolean {
  const { container, resource, world } = view;
  if (world.get(verticalAutoscalers).requestedFor(resource, container.name).includes(name)) return true;
  const own = get(view.container.spec, ...requestPath(view, name));
  if (counts(own) || podSets(view, 'requests', name) || podSets(view, 'limits', name)) return true;
  if (!isAbsent(own)) return false;
  const limit = get(view.container.spec, ...limitPath(view, name));
  if (!isAbsent(limit)) return counts(limit);
  return (defaultsOf(view).requests.get(name)?.nano ?? 0n) > 0n;
}

/** What the container has once it runs, with the defaults of the API server and of the namespace. */
export function resourcesAtRun(view: ContainerPlace): EffectiveResources {
  const { container } = view;
  const resources = get(container.spec, resourcesField(view));
  const spec = resources === undefined ? {} : { resources };
  return effectiveResources({ ...container, spec }, defaultsOf(view));
}

/** Why a container has no resources to judge. */
export function whyNoResources({ container }: ContainerPlace): string | undefined {
  return container.type === 'ephemeral' ? 'An ephemeral container cannot have resources.' : undefined;
}
