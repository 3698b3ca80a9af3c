import {
  type GroupKind,
  type JsonObject,
  momentOf,
  type OwnershipSettings,
  type Resource,
  stringAt,
  type World,
} from '@bulwark/core';
import type { Actor, ObjectKey, RemovedObject, ResourceRow } from '@bulwark/store';
import { type Draft, draftOf, parentOf, rowOf, sinceContent } from './row.ts';
import { idOf, type StoredRows } from './stored-rows.ts';

/** What was seen of objects and is not written yet: small, as ten thousand pods may wait. */
export class WaitingObjects {
  private readonly drafts = new Map<string, Draft>();
  private readonly removed = new Map<string, ObjectKey>();
  private readonly deletedBy = new Map<string, Actor>();
  /** Rows whose owner was not there. */
  private readonly unsettled = new Map<string, Draft>();

  /** How many objects wait. */
  get size(): number {
    return this.drafts.size;
  }

  /** Whether something waits of an object. */
  has(id: string): boolean {
    return this.drafts.has(id) || this.removed.has(id);
  }

  /** Names the content of a pod without what is each pod's own. */
  contentOf(pod: Resource): string {
    return this.drafts.get(pod.id)?.bodyHash ?? draftOf(pod).bodyHash;
  }

  /** @param actor who did it, where that is known better than the object tells. */
  note(resource: Resource, object: JsonObject, actor: Actor | undefined): void {
    const { id } = resource;
    const draft = sinceContent(draftOf(resource, object), this.drafts.get(id));
    this.drafts.set(id, actor === undefined ? draft : { ...draft, actor });
    this.removed.delete(id);
  }

  remove(key: ObjectKey, actor: Actor | undefined): void {
    const id = idOf(key);
    this.drafts.delete(id);
    this.unsettled.delete(id);
    this.removed.set(id, key);
    if (actor !== undefined) this.deletedBy.set(id, actor);
  }

  /** Takes what waits, as far as it is different from what is stored. */
  take(
    stored: StoredRows,
    { world, ownership, seenInPods, isFirst, isWithheld }: Surroundings,
  ): TakenObjects {
    const bare = this.noteSeenInPods(seenInPods, stored);
    // The others are as they were.
    const found = [...this.unsettled.values()].filter((draft) => parentOf(draft, world) !== undefined);
    const drafts = [...found, ...this.drafts.values()];
    const isThere = (key: ObjectKey): boolean => this.drafts.has(idOf(key)) || stored.has(key);
    const isMisplaced = (key: ObjectKey): boolean =>
      key.namespace === MISPLACED && isThere({ ...key, namespace: '' });
    const removed = [...this.removed.values()]
      .filter((key) => stored.has(key))
      .map((key) => (isWithheld(key.kind) || isMisplaced(key) ? { ...key, isUntold: true } : key));
    const deletedBy = new Map(this.deletedBy);
    for (const each of [this.drafts, this.removed, this.deletedBy]) each.clear();
    const wasMisplaced = (row: ObjectKey): boolean =>
      row.namespace === '' && stored.has({ ...row, namespace: MISPLACED });
    const resources = new Map<string, ResourceRow>();
    for (const draft of drafts) {
      const { row, isSettled } = rowOf(draft, world, ownership);
      if (isSettled) this.unsettled.delete(draft.resource.id);
      else this.unsettled.set(draft.resource.id, draft);
      if (!stored.isDifferent(draft.resource.id, row.digest)) continue;
      const isOld = !bare.has(draft.resource.id) && (isFirst(row) || wasMisplaced(row));
      resources.set(draft.resource.id, isOld ? { ...row, isFirst: true } : row);
    }
    return { resources: [...resources.values()], removed, deletedBy };
  }

  /** Notes what is different of what is seen in pods; returns the ids of what is no more than that. */
  private noteSeenInPods(changed: SeenInPodsChanges, stored: StoredRows): ReadonlySet<string> {
    const standing = new Set<string>();
    for (const [id, resource] of changed) {
      const told = this.drafts.get(id);
      if (resource === undefined) {
        const bare = stored.bareOf(id);
        if (told === undefined && bare !== undefined) this.removed.set(id, bare);
      } else if (resource.seenInPods === 'object') {
        standing.add(id);
        // It stands where the object was that is deleted, until its pods are gone, too.
        this.removed.delete(id);
        const draft = draftOf(resource);
        this.drafts.set(id, { ...draft, actor: this.deletedBy.get(id) ?? draft.actor });
      } else if (told === undefined) this.drafts.set(id, draftOf(resource));
      else if (resource.seenInPods !== undefined) {
        const { body, bodyHash, images, serviceAccount } = draftOf(resource);
        this.drafts.set(id, { ...told, body, bodyHash, images, serviceAccount });
      }
    }
    return standing;
  }
}

/** Where an earlier version kept objects of custom kinds that lie in no namespace. No kind has objects in one and in none. */
const MISPLACED = 'default';

/** Objects to be written. */
export interface TakenObjects {
  readonly resources: readonly ResourceRow[];
  readonly removed: readonly RemovedObject[];
  /** Who deleted what, where it is known. */
  readonly deletedBy: ReadonlyMap<string, Actor>;
}

/** What is different of workloads that are seen in pods, by id: as they are, as an object that is none any more, or gone. */
export type SeenInPodsChanges = ReadonlyMap<string, Resource | undefined>;

interface Surroundings {
  readonly world: World;
  readonly ownership: OwnershipSettings;
  readonly seenInPods: SeenInPodsChanges;
  /** Whether a row was there before its kind was watched. */
  readonly isFirst: (row: ResourceRow) => boolean;
  /** Whether a kind is left out on purpose. */
  readonly isWithheld: (kind: GroupKind) => boolean;
}

/** When an object was created, by the clock of the API server, in milliseconds since the epoch; undefined where it does not say. */
export function createdAt({ instance }: ResourceRow): number | undefined {
  return momentOf(stringAt(instance, 'metadata', 'creationTimestamp') ?? '');
}
