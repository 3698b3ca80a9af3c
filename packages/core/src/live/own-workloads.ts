import { type Controller, controllerReference, ownerIds, topOwner } from '../owners.ts';
import type { Resource } from '../resource.ts';
import type { WorldView } from '../world.ts';
import { isSeenInPods } from './seen-in-pods.ts';
import { hasEnded } from './subjects.ts';

/** Whether something is a workload of its own: what has a template and is its own top owner, and a pod that nothing controls. */
export function isOwnWorkload(
  { groupKind, id }: Pick<Resource, 'groupKind' | 'id'>,
  { controller, top }: { readonly controller: Controller | undefined; readonly top: Resource | undefined },
): boolean {
  if (groupKind === 'Pod') return controller === undefined;
  return top?.id === id && top.workloads.length > 0;
}

/**
 * How many workloads there are in what was read, as a hub counts them: pods of which no controller has a template are one for each
 * controller that they name. What was read twice counts twice.
 *
 * @param world has what controls them, as it is judged.
 */
export function countWorkloads(world: Pick<WorldView, 'find'>, resources: Iterable<Resource>): number {
  let own = 0;
  const inPods = new Set<string | undefined>();
  for (const resource of resources) {
    const controller = controllerReference(resource);
    const isPod = resource.groupKind === 'Pod';
    const top = isPod || resource.workloads.length === 0 ? undefined : topOwner(world, resource);
    if (isOwnWorkload(resource, { controller, top })) own++;
    else if (isPod && controller !== undefined && !hasEnded(resource))
      if (isSeenInPods(world, resource, controller)) inPods.add(ownerIds(resource, controller)[0]);
  }
  return own + inPods.size;
}
