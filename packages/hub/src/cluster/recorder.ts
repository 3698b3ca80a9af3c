import {
  type Control,
  clusterRules,
  type JsonObject,
  type Origin,
  type Resource,
  toResource,
  withoutHeartbeats,
} from '@bulwark/core';
import { isSeen, type KindState, type ObjectKey, type Sink, type Unseen } from '@bulwark/kube';
import {
  type Actor,
  applyBatch,
  liveFindings,
  liveResources,
  liveRisks,
  noteSeen,
  type ResourceRow,
  type Store,
  writeSight,
} from '@bulwark/store';
import { isAllStale, isListed, rulesRecords } from './coverage.ts';
import type { DecisionSettings } from './decisions.ts';
import { findingRowOf } from './finding-row.ts';
import { type PersistOptions, persist } from './persist.ts';
import { Posture, type PostureDelta } from './posture.ts';
import { type Draft, draftOf, rowOf, sinceContent } from './row.ts';
import { SeenObjects } from './seen-objects.ts';
import { sightOf } from './sight.ts';
import { StoredRows } from './stored-rows.ts';

export interface RecorderOptions extends PersistOptions {
  readonly store: Store;
  readonly cluster: number;
  readonly name: string;
  /** Version of the API server. */
  readonly version: string;
  readonly controls: readonly Control[];
  readonly decisions: DecisionSettings;
  readonly now: () => Date;
  /** The session that holds the lease of the cluster; without it nobody else writes. */
  readonly session?: () => number;
  /** What is to be said of the cluster where nothing is wrong with it. */
  readonly remark?: () => string | undefined;
}

type KindKey = ObjectKey & { readonly kind: string };

/** Changes within this time are judged and written together. */
const GATHER_MS = 400;
const MOST_WAITING = 5000;

/**
 * Receives what is collected of a cluster, judges it, and writes what is different. The first judgement waits until
 * everything was listed, so that nothing is blamed for the lack of what was not yet seen. A database that is away is
 * waited for: nothing is lost, and collecting slows down meanwhile.
 */
export class Recorder implements Sink {
  private readonly options: RecorderOptions;
  private readonly origin: Origin;
  private readonly posture: Posture;
  private readonly seen = new SeenObjects();
  private readonly kinds = new Map<string, KindState>();
  private unseenNow: Unseen = { kinds: [], groups: [] };
  private readonly drafts = new Map<string, Draft>();
  private readonly removed = new Map<string, KindKey>();
  private readonly deletedBy = new Map<string, Actor>();
  /** Rows whose owner was not there. */
  private readonly unsettled = new Map<string, Draft>();
  private readonly stored = new StoredRows();
  private newDecisions: DecisionSettings | undefined;
  private decisions: DecisionSettings;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;
  private fault: { readonly error: unknown } | undefined;
  private isStateDirty = false;
  /** When the cluster last answered, in milliseconds since the epoch. */
  private answeredAt: number | undefined;
  /** The session of the lease in which the state was last written. */
  private writtenBy: number | undefined;
  private hasJudged = false;

  constructor(options: RecorderOptions) {
    this.options = options;
    this.origin = { kind: 'cluster', cluster: options.name, resourceVersion: '' };
    this.decisions = options.decisions;
    const { controls, decisions, version, now } = options;
    this.posture = new Posture({
      controls,
      kubernetes: clusterRules(version).version,
      decisions,
      contentOf: (pod) => this.drafts.get(pod.id)?.bodyHash ?? draftOf(pod).bodyHash,
      today: () => now().toISOString().slice(0, 10),
      isKnown: (key) => this.isKnown(key),
    });
  }

  /** Reads what is stored, to be compared with what is seen. Returns the objects, for the collector. */
  async load(): Promise<readonly { groupKind: string; namespace: string; name: string }[]> {
    const { store, cluster } = this.options;
    const rows = await persist(this.options, () => liveResources(store, cluster));
    this.stored.load(rows, await persist(this.options, () => liveFindings(store, cluster)));
    this.posture.remember(await persist(this.options, () => liveRisks(store, cluster)));
    return rows.map(({ kind, namespace, name }) => ({ groupKind: kind, namespace, name }));
  }

  /** @param actor who did it, where that is known better than the objects tell. */
  async upsert(_groupKind: string, objects: readonly JsonObject[], actor?: Actor): Promise<void> {
    const resources: Resource[] = [];
    for (const object of objects) {
      const resource = toResource(withoutHeartbeats(object), this.origin);
      if (!this.seen.note(resource.id, resource.object)) continue;
      const draft = sinceContent(draftOf(resource, object), this.drafts.get(resource.id));
      this.drafts.set(resource.id, actor === undefined ? draft : { ...draft, actor });
      this.removed.delete(resource.id);
      resources.push(resource);
    }
    if (resources.length === 0) return;
    this.posture.see({ upsert: resources });
    await this.later();
  }

  async remove(groupKind: string, keys: readonly ObjectKey[], actor?: Actor): Promise<void> {
    const ids = keys.map(({ namespace, name }) => `${groupKind}|${namespace}|${name}`);
    for (const [index, id] of ids.entries()) {
      const key = keys[index];
      this.seen.forget(id);
      this.drafts.delete(id);
      this.unsettled.delete(id);
      if (key !== undefined)
        this.removed.set(id, { kind: groupKind, namespace: key.namespace, name: key.name });
      if (actor !== undefined) this.deletedBy.set(id, actor);
    }
    this.posture.see({ upsert: [], remove: ids });
    await this.later();
  }

  async state(state: KindState): Promise<void> {
    this.kinds.set(state.groupKind, state);
    this.isStateDirty = true;
    await this.later();
  }

  async unseen(unseen: Unseen): Promise<void> {
    this.unseenNow = unseen;
    this.isStateDirty = true;
    await this.later();
  }

  /** Takes new decisions, such as an exception that was made in the hub. */
  async decide(decisions: DecisionSettings): Promise<void> {
    this.newDecisions = decisions;
    await this.later();
  }

  answered(at: number): void {
    this.answeredAt = at;
  }

  /** To be called now and then: exceptions end with their day, and a quiet cluster that answers is seen all the same. */
  async tick(): Promise<void> {
    await this.later();
    const { store, cluster } = this.options;
    const { answeredAt } = this;
    if (this.isStopped || this.isStale || answeredAt === undefined) return;
    await noteSeen(store, cluster, new Date(answeredAt));
  }

  /** Writes what is left and stops. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.isStopped = true;
    await this.running;
  }

  /** Sees to it that what came is written soon; waits only where very much is waiting. */
  private async later(): Promise<void> {
    if (this.isStopped) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.running = this.running
        .then(() => this.flush())
        .catch((error: unknown) => {
          this.fault ??= { error };
        });
    }, GATHER_MS);
    // What goes wrong here ends the collection, which says so and starts anew.
    if (this.fault !== undefined) throw this.fault.error;
    if (this.stored.isSettled && this.drafts.size > MOST_WAITING) await this.running;
  }

  /**
   * Judges and writes what came; called by itself soon after something came. Risks, of which only the present is kept, can
   * be left to the next time.
   */
  async flush(risks: 'now' | 'later' = 'now'): Promise<void> {
    if (this.isStopped) return;
    // What it would see to is seen to now.
    clearTimeout(this.timer);
    this.timer = undefined;
    if (isListed(this.kinds.values())) {
      await this.write(this.judge(risks));
      this.isStateDirty ||= !this.hasJudged;
      this.hasJudged = true;
    }
    // Another session: while the lease was not held, it may have been said that nobody watches the cluster.
    const isAnew = this.options.session?.() !== this.writtenBy;
    // Afterwards: what is seen and not yet judged must not look as if nothing were wrong with it.
    if (this.isStateDirty || isAnew) await this.writeState();
  }

  private judge(risks: 'now' | 'later'): PostureDelta {
    const deltas = [this.posture.settle({ risks }), this.posture.turnDay()];
    if (this.newDecisions !== undefined) {
      this.decisions = this.newDecisions;
      this.newDecisions = undefined;
      deltas.push(this.posture.decideAnew(this.decisions));
    }
    return {
      upserted: deltas.flatMap(({ upserted }) => upserted),
      resolved: deltas.flatMap(({ resolved }) => resolved),
      risks: {
        risks: deltas.flatMap((each) => each.risks.risks),
        riskless: deltas.flatMap((each) => each.risks.riskless),
      },
    };
  }

  private async write(delta: PostureDelta): Promise<void> {
    const { store, cluster, now, session } = this.options;
    const batch = {
      at: now(),
      isFirst: this.stored.isNew,
      ...this.takeObjects(),
      ...this.stored.different(delta.upserted.map(findingRowOf), delta.resolved, (key) => this.isKnown(key)),
      ...delta.risks,
    };
    const { resources, removed, findings, resolved, risks, riskless } = batch;
    if ([resources, removed, findings, resolved, risks, riskless].every(({ length }) => length === 0)) return;
    const deletedBy = new Map(this.deletedBy);
    this.deletedBy.clear();
    await persist(this.options, () =>
      applyBatch(store, cluster, { ...batch, deletedBy, session: session?.() }),
    );
    this.stored.note(batch);
  }

  /** The objects that came since the last time, as far as they are different from what is stored. */
  private takeObjects(): {
    readonly resources: readonly ResourceRow[];
    readonly removed: readonly KindKey[];
  } {
    const drafts = [...this.unsettled.values(), ...this.drafts.values()];
    const removed = [...this.removed].map(([, key]) => key).filter((key) => this.stored.has(key));
    this.drafts.clear();
    this.unsettled.clear();
    this.removed.clear();
    const resources = new Map<string, ResourceRow>();
    for (const draft of drafts) {
      const { row, isSettled } = rowOf(draft, this.posture.world, this.decisions.ownership);
      if (!isSettled) this.unsettled.set(draft.resource.id, draft);
      if (this.stored.isDifferent(draft.resource.id, row.digest)) resources.set(draft.resource.id, row);
    }
    return { resources: [...resources.values()], removed };
  }

  /** Whether nothing of the cluster is seen any more. */
  get isStale(): boolean {
    return isAllStale(this.kinds.values());
  }

  /** Whether everything that was listed was judged and written once. */
  get isJudged(): boolean {
    return this.hasJudged;
  }

  /** Whether it is known how an object is now, or that it is not there. An outage says neither. */
  private isKnown(key: KindKey): boolean {
    const state = this.kinds.get(key.kind);
    return (state !== undefined && isSeen(state)) || !this.stored.has(key);
  }

  private async writeState(): Promise<void> {
    this.isStateDirty = false;
    const { store, cluster, now, session, remark } = this.options;
    const sight = sightOf({
      kinds: [...this.kinds.values()],
      unseen: this.unseenNow,
      judged: [...rulesRecords(this.options.version), ...this.posture.coverage()],
      hasJudged: this.hasJudged,
      remark: remark?.(),
      now: now(),
    });
    const holder = session?.();
    await persist(this.options, () => writeSight(store, cluster, sight, holder));
    this.writtenBy = holder;
  }
}
