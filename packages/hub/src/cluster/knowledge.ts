import { type Control, isStandIn } from '@bulwark/core';
import {
  type FindingRow,
  type ObjectKey,
  objectsOf,
  type ResourceRow,
  type Store,
  scopeOf,
  type seenBefore,
} from '@bulwark/store';
import type { DecisionSettings } from './decisions.ts';
import { Dependence } from './dependence.ts';
import { EarlyObjects } from './early-objects.ts';
import type { KindsInView } from './kinds-in-view.ts';
import { type PersistOptions, persist } from './persist.ts';
import type { Posture } from './posture.ts';
import { isRecalled, recall, seenInPodsOf } from './recalled.ts';
import { decideStored } from './stored-decisions.ts';
import { type FindingSight, idOf, objectOf, type StoredRows } from './stored-rows.ts';
import { createdAt } from './waiting-objects.ts';

export interface KnowledgeParts extends PersistOptions {
  readonly store: Store;
  readonly cluster: number;
  readonly controls: readonly Control[];
  readonly kinds: KindsInView;
  readonly stored: StoredRows;
  readonly posture: Posture;
}

/**
 * What is known of a cluster after a start: what was seen since, and of kinds that are not seen what is stored. A hub that was
 * not started anew still has that in its World, so that no start changes a judgement.
 */
export class Knowledge {
  private readonly parts: KnowledgeParts;
  private readonly dependence: Dependence;
  private readonly early: EarlyObjects;
  private readonly recalled = new Set<string>();
  /** When anything of the cluster was seen before the start, in milliseconds since the epoch. */
  private lastSeen: number | undefined;

  constructor(parts: KnowledgeParts) {
    this.parts = parts;
    this.dependence = new Dependence(parts.controls, (key) => parts.posture.named(key));
    this.early = new EarlyObjects({
      world: parts.posture.world,
      isSeen: (kind) => parts.kinds.isSeen(kind),
      named: (key) => parts.posture.named(key),
    });
  }

  /** Takes what was seen before the start. */
  remember({ kinds, lastSeen }: Awaited<ReturnType<typeof seenBefore>>): void {
    this.parts.kinds.remember(kinds);
    this.lastSeen = lastSeen?.getTime();
  }

  /**
   * Whether an object was there before its kind was watched, so that it is no news.
   *
   * @param since from when on what is created is news, in milliseconds; from when the cluster was last seen where it is left out.
   */
  isFirst(row: ResourceRow, since = this.lastSeen): boolean {
    if (!this.parts.kinds.isNew(row.kind)) return false;
    const created = createdAt(row);
    return created === undefined || since === undefined || created < since;
  }

  /** Whether more is watched than before, so that what is found now may always have been so. */
  isFirstView(rows: readonly ResourceRow[]): boolean {
    const kinds = new Set(rows.map(({ kind }) => kind));
    return (
      rows.some(({ isFirst }) => isFirst === true) ||
      this.parts.kinds.watchedFirst().some((kind) => !kinds.has(kind))
    );
  }

  /**
   * Takes what is stored of kinds that are not seen into the World.
   *
   * @param isNewer whether something was heard of an object since the start, by id.
   */
  async recall(isNewer: (id: string) => boolean): Promise<void> {
    const { store, cluster, kinds, stored, posture } = this.parts;
    const scope = scopeOf({ clusters: [cluster], namespaces: 'all' });
    for (const kind of stored.kinds()) {
      // Secrets are left out because somebody wants it so.
      if (kinds.isSeen(kind) || kinds.isWithheld(kind)) continue;
      const objects = await persist(this.parts, () => objectsOf(store, scope, { cluster, kinds: [kind] }));
      // What is known from pods alone is known from them again.
      const told = objects.filter((object) => seenInPodsOf(object) !== 'object');
      posture.see({ upsert: told.map(recall).filter(({ id }) => !isNewer(id)) });
      this.recalled.add(kind);
    }
  }

  /**
   * What is decided holds for what is not seen, too: the findings that are under another decision now, some at a time.
   *
   * @param today YYYY-MM-DD.
   */
  decideUnseen(settings: DecisionSettings, today: string): AsyncIterable<readonly FindingRow[]> {
    const { store, cluster, stored } = this.parts;
    const fingerprints = stored.unseen();
    return decideStored(store, cluster, {
      settings,
      today,
      fingerprints,
      read: (act) => persist(this.parts, act),
    });
  }

  /** The kinds of which what is stored still counts. */
  recalledKinds(): ReadonlySet<string> {
    for (const kind of this.recalled) if (this.parts.kinds.isSeen(kind)) this.recalled.delete(kind);
    return this.recalled;
  }

  /** Whether it is known how an object is now, or that it is not there. An outage says neither. */
  isKnown(key: ObjectKey): boolean {
    const { kinds, stored } = this.parts;
    if (stored.bareOf(idOf(key)) !== undefined) return kinds.isSeen('Pod');
    // Of what stands for pods nothing is stored but the pods.
    return kinds.isSeen(key.kind) || !(stored.has(objectOf(key)) || isStandIn(key));
  }

  /** In how many milliseconds is to be looked again, though nothing comes; undefined where nothing waits. */
  get dueInMs(): number | undefined {
    return this.early.dueInMs;
  }

  /** How well that is seen what findings are about, before what is seen now was judged: nothing comes, and nothing goes. */
  sightOfOld(): FindingSight {
    return { ...this.sight(), isKnown: () => false, isAwaited: () => true };
  }

  /**
   * How well that is seen what findings are about, as it was judged.
   *
   * @param removed the objects that are there no more, though they are still stored.
   */
  sight(removed: readonly ObjectKey[] = []): FindingSight {
    const { kinds, posture } = this.parts;
    const owners = posture.recalledOwners();
    const gone = new Set(removed.map(idOf));
    const awaited = kinds.awaited();
    return {
      isKnown: (key) => {
        const id = idOf(objectOf(key));
        return gone.has(id) || (this.isKnown(key) && !owners.has(id));
      },
      isRecalled: (key) => posture.named(objectOf(key)).some(isRecalled),
      isAwaited: (row) =>
        this.dependence.isOn(awaited, row) || (this.parts.stored.isSettled && this.early.isEarly(row)),
    };
  }
}
