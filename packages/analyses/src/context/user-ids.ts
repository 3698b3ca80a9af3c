import {
  ANY_WORKLOAD,
  type Analysis,
  isControlled,
  type Resource,
  settingOf,
  type Workload,
} from '@bulwark/core';

/** The user ids that the containers of a template set, root left out. Ephemeral containers come and go. */
export function userIdsOf(workload: Workload): ReadonlySet<number> {
  const ids = new Set<number>();
  // With a user namespace of its own, a pod's ids are nobody else's.
  if (workload.spec['hostUsers'] === false) return ids;
  for (const container of workload.containers) {
    const { value } = settingOf(workload, container, 'runAsUser');
    if (container.type !== 'ephemeral' && typeof value === 'number' && value > 0) ids.add(value);
  }
  return ids;
}

/** Who runs as which user. */
export interface UserIds {
  /** Another object whose pods run as this user. */
  otherWith(id: number, than: Resource): Resource | undefined;
}

/** The first two objects for every user id, without those that repeat the template of an owner. Cost: linear in containers. */
export const userIds: Analysis<UserIds> = {
  id: 'user-ids',
  reads: [ANY_WORKLOAD],
  compute(world) {
    const byId = new Map<number, Resource[]>();
    for (const resource of world.list(ANY_WORKLOAD)) {
      if (isControlled(resource)) continue;
      for (const id of new Set(resource.workloads.flatMap((workload) => [...userIdsOf(workload)]))) {
        const known = byId.get(id);
        if (known === undefined) byId.set(id, [resource]);
        else if (known.length < 2) known.push(resource);
      }
    }
    return { otherWith: (id, than) => byId.get(id)?.find((resource) => resource.id !== than.id) };
  },
};
