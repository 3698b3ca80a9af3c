import { autoscalers, disruptionBudgets, type PodSubject } from '@bulwark/analyses';
import {
  type Analysis,
  type GroupKind,
  get,
  isControlled,
  type Json,
  oncePerObject,
  type Resource,
  type WorldView,
} from '@bulwark/core';
import { fewestReplicas, isReplicated } from './replica-count.ts';

/** The kind that limits how many pods may be evicted at once. */
export const DISRUPTION_BUDGET: GroupKind = 'policy/PodDisruptionBudget';

/**
 * The fewest pods that a budget covers; undefined where one of their controllers keeps no number that is known. Cost: a
 * list of pods, once for each list.
 */
const coveredPods: Analysis<{ fewest(budget: Resource): number | undefined }> = {
  id: 'covered-pods',
  reads: [disruptionBudgets, autoscalers],
  compute(world) {
    const budgets = world.get(disruptionBudgets);
    const fewest = oncePerObject((pods: readonly PodSubject[]) => fewestPods(pods, world));
    return { fewest: (budget) => fewest(budgets.protectedBy(budget)) };
  },
};

/** What `blockadeOf` reads. */
export const DISRUPTION_READS = [coveredPods];

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

function fewestPods(pods: readonly PodSubject[], world: WorldView): number | undefined {
  const counted = new Set<string>();
  let count = 0;
  for (const { resource } of pods) {
    if (counted.has(resource.id) || isMade(resource)) continue;
    counted.add(resource.id);
    const fewest = isReplicated(resource) ? fewestReplicas(resource, world) : undefined;
    if (fewest === undefined) return undefined;
    count += fewest;
  }
  return count;
}

/** A pod or ReplicaSet of something that is counted itself. */
function isMade(resource: PodSubject['resource']): boolean {
  return isControlled(resource) && (resource.kind === 'Pod' || resource.kind === 'ReplicaSet');
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
  const pods = world.get(coveredPods).fewest(budget) ?? 0;
  const wanted = podsOf(least, pods);
  if (pods === 0 || wanted === undefined || wanted < pods) return undefined;
  return { field: 'minAvailable', state: `wants ${wanted} available pods where there may be only ${pods}` };
}
