import { autoscalers, disruptionBudgets, type PodSubject } from '@bulwark/analyses';
import { type GroupKind, get, type Json, type Resource, type WorldView } from '@bulwark/core';
import { fewestReplicas, isOwned, isReplicated } from './replica-count.ts';

/** The kind that limits how many pods may be evicted at once. */
export const DISRUPTION_BUDGET: GroupKind = 'policy/PodDisruptionBudget';

/** What `blockadeOf` reads. */
export const DISRUPTION_READS = [disruptionBudgets, autoscalers];

/** The number in a percentage such as `50%`; undefined for anything else. */
export function percentOf(value: Json | undefined): number | undefined {
  const digits = typeof value === 'string' ? /^(\d{1,6})%$/.exec(value)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

/**
 * How many of a number of pods an amount stands for. Percentages are rounded up, as the disruption controller does
 * for both of its fields.
 */
export function podsOf(amount: Json | undefined, pods: number): number | undefined {
  if (typeof amount === 'number') return amount;
  const percent = percentOf(amount);
  return percent === undefined ? undefined : Math.ceil((percent * pods) / 100);
}

/** The fewest pods that a budget covers; undefined where one of their controllers keeps no number that is known. */
function fewestPods(budget: Resource, world: WorldView): number | undefined {
  const counted = new Set<string>();
  let pods = 0;
  for (const { resource } of world.get(disruptionBudgets).protectedBy(budget)) {
    if (counted.has(resource.id) || isMade(resource)) continue;
    counted.add(resource.id);
    const fewest = isReplicated(resource) ? fewestReplicas(resource, world) : undefined;
    if (fewest === undefined) return undefined;
    pods += fewest;
  }
  return pods;
}

/** A pod or ReplicaSet of something that is counted itself. */
function isMade(resource: PodSubject['resource']): boolean {
  return isOwned(resource) && (resource.kind === 'Pod' || resource.kind === 'ReplicaSet');
}

/** In which field, and how, a budget never lets a pod go. */
export interface Blockade {
  readonly field: 'minAvailable' | 'maxUnavailable';
  readonly state: string;
}

/** How a budget forbids every eviction; undefined when it does not, or when that depends on what is not in view. */
export function blockadeOf(budget: Resource, world: WorldView): Blockade | undefined {
  const most = get(budget.object, 'spec', 'maxUnavailable') ?? undefined;
  if (most !== undefined)
    return podsOf(most, 1) === 0
      ? { field: 'maxUnavailable', state: 'lets no pod be unavailable' }
      : undefined;
  const least = get(budget.object, 'spec', 'minAvailable') ?? undefined;
  if ((percentOf(least) ?? 0) >= 100)
    return { field: 'minAvailable', state: 'wants all pods to be available' };
  const pods = fewestPods(budget, world) ?? 0;
  const wanted = podsOf(least, pods);
  if (pods === 0 || wanted === undefined || wanted < pods) return undefined;
  return { field: 'minAvailable', state: `wants ${wanted} available pods where there may be only ${pods}` };
}
