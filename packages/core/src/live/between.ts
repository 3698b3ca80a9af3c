import type { GroupKind } from '../group-kind.ts';
import { get } from '../json.ts';
import { ownersNamedBy, topOwner } from '../owners.ts';
import type { Resource } from '../resource.ts';
import type { WorldView } from '../world.ts';

/** Whether it depends on what an object belongs to if its template is judged. Pods are: what differs in them is seen in them. */
export function mayStandBetween(resource: Resource): boolean {
  return (
    resource.workloads.length > 0 &&
    resource.groupKind !== 'Pod' &&
    !ALWAYS_JUDGED.has(resource.groupKind) &&
    ownersNamedBy(resource).length > 0
  );
}

/**
 * Whether an object lies between pods and their top owner (a ReplicaSet, a Job), so that its template is not judged: the owner's
 * is. Nor is that of a ReplicaSet that runs nothing and has a controller, though nothing of this has a template: it is a version of
 * before. What makes pods again and again is judged whoever owns it: of a CronJob there may be no pod when it is looked at.
 *
 * @param owners has everything with its templates.
 */
export function standsBetween(owners: Pick<WorldView, 'find'>, resource: Resource): boolean {
  return mayStandBetween(resource) && (topOwner(owners, resource) !== resource || isOfBefore(resource));
}

/** An object that keeps its place in the chain of owners, and whose template is not judged. */
export function withoutTemplate(resource: Resource): Resource {
  return { ...resource, workloads: [] };
}

/** What makes pods again and again, and is made by people and operators only. */
const ALWAYS_JUDGED: ReadonlySet<GroupKind> = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'batch/CronJob',
]);

function isOfBefore({ groupKind, object }: Resource): boolean {
  return groupKind === 'apps/ReplicaSet' && get(object, 'spec', 'replicas') === 0;
}
