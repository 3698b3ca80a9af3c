import { autoscalers } from '@bulwark/analyses';
import type { GroupKind, ObjectView } from '@bulwark/core';
import { isPlaceholder } from '../resources/placeholders.ts';

/** Built-in kinds that can be scaled. Others may be, too, but their objects need not be in view. */
const SCALABLE: ReadonlySet<GroupKind> = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/ReplicaSet',
  'ReplicationController',
]);

/** What is wrong with what an autoscaler names, and in which field of the reference. */
export interface TargetFault {
  readonly field: 'apiVersion' | 'name';
  readonly state: string;
}

/** Why the target of an autoscaler cannot be judged. Reads `autoscalers`. */
export function whyTargetUnknown({ resource, world }: ObjectView): string | undefined {
  const found = world.get(autoscalers).targetOf(resource);
  if (found === undefined || found.groupKind === '' || found.name === '')
    return 'It is a part of a manifest: it names nothing to scale.';
  if (found.target !== undefined || isWithoutGroup(found.groupKind)) return undefined;
  if (isPlaceholder(found.name)) return 'Another tool fills in what it scales.';
  if (!SCALABLE.has(found.groupKind)) return 'Objects of the kind that it scales need not be in view.';
  return found.hasSiblings ? undefined : 'Nothing of the kind that it scales is in view in its namespace.';
}

/** Reads `autoscalers`. */
export function targetFault({ resource, world }: ObjectView): TargetFault | undefined {
  const found = world.get(autoscalers).targetOf(resource);
  if (found === undefined || found.target !== undefined) return undefined;
  const { groupKind, name } = found;
  if (isWithoutGroup(groupKind))
    return { field: 'apiVersion', state: `a ${groupKind} without the API group apps, which does not exist` };
  return {
    field: 'name',
    state: `${groupKind.slice(groupKind.indexOf('/') + 1)}/${name}, which is not in view`,
  };
}

/** A kind of the group apps written as if it were of the core group. */
function isWithoutGroup(groupKind: GroupKind): boolean {
  return SCALABLE.has(`apps/${groupKind}`);
}
