import type { Resource } from '@bulwark/core';
import type { PodSubject } from './selector-index.ts';

/**
 * What selects pods, and what it selects. Objects that select the same share one list of pods, and pods that the same
 * objects select share one list of these, so that many equal objects over many pods cost no more than the two together;
 * `oncePerObject` lets answers about them be shared as well.
 */
export class Selections {
  private readonly pods = new Map<string, readonly PodSubject[]>();
  private readonly groups: { readonly found: readonly PodSubject[]; readonly selecting: Resource[] }[] = [];
  private readonly byList = new Map<readonly PodSubject[], number>();
  /** Of a resource with pods, the groups that select one of them, as indexes. */
  private readonly byPod = new Map<string, number[]>();
  /** Of several groups, their members in the order in which they were added. */
  private readonly merged = new Map<string, readonly Resource[]>();
  private readonly order = new Map<string, number>();

  /** @param found a list of a `WorkloadIndex`, which is the same for equal selectors. */
  add(selecting: Resource, found: readonly PodSubject[]): void {
    this.order.set(selecting.id, this.order.size);
    this.pods.set(selecting.id, found);
    if (found.length === 0) return;
    const known = this.byList.get(found);
    if (known !== undefined) {
      this.groups[known]?.selecting.push(selecting);
      return;
    }
    const group = this.groups.push({ found, selecting: [selecting] }) - 1;
    this.byList.set(found, group);
    for (const id of new Set(found.map(({ resource }) => resource.id))) {
      const groups = this.byPod.get(id);
      if (groups === undefined) this.byPod.set(id, [group]);
      else groups.push(group);
    }
  }

  /** The pods that an object selects. */
  podsOf({ id }: Resource): readonly PodSubject[] {
    return this.pods.get(id) ?? [];
  }

  /** What selects a pod of a resource, in the order in which it was added. */
  selecting({ id }: Resource): readonly Resource[] {
    const groups = this.byPod.get(id) ?? [];
    const key = groups.join();
    let found = this.merged.get(key);
    if (found === undefined) {
      const all = groups.flatMap((group) => this.groups[group]?.selecting ?? []);
      found = all.sort((a, b) => (this.order.get(a.id) ?? 0) - (this.order.get(b.id) ?? 0));
      this.merged.set(key, found);
    }
    return found;
  }
}
