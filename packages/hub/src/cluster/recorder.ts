import {
  type Control,
  clusterRules,
  type JsonObject,
  type Origin,
  type Resource,
  toResource,
  withoutHeartbeats,
} from '@bulwark/core';
import type { KindState, ObjectKey, Sink, Unseen } from '@bulwark/kube';
import { type Actor, liveFindings, liveResources, liveRisks, noteSeen, seenBefore } from '@bulwark/store';
import { Batches } from './batches.ts';
import type { DecisionSettings } from './decisions.ts';
import { findingRowOf } from './finding-row.ts';
import { Flushes } from './flushes.ts';
import { FormerFindings } from './former-findings.ts';
import { KindsInView } from './kinds-in-view.ts';
import { Knowledge } from './knowledge.ts';
import { LastWrite } from './last-write.ts';
import { withoutMaskedAnew } from './masked-anew.ts';
import { OwnersAnew } from './owners-anew.ts';
import { persist } from './persist.ts';
import { Posture, type PostureDelta } from './posture.ts';
import { SeenObjects } from './seen-objects.ts';
import { goneOf, idOf, restedOf, StoredRows } from './stored-rows.ts';
import { TakenDecisions } from './taken-decisions.ts';
import { type TakenObjects, WaitingObjects } from './waiting-objects.ts';
import { type SightOptions, WrittenSight } from './written-sight.ts';

export interface RecorderOptions extends SightOptions {
  readonly name: string;
  readonly controls: readonly Control[];
  readonly decisions: DecisionSettings;
}

/** Changes within this time are judged and written together. */
const GATHER_MS = 400;
const MOST_WAITING = 5000;
/** What was created within this time is news, also where its kind is new: it may be a moment until that is watched. */
const RECENT_MS = 600_000;

/**
 * Receives what is collected of a cluster, judges it, and writes what is different. The first judgement waits until
 * everything was listed, so that nothing is blamed for the lack of what was not yet seen. A database that is away is
 * waited for: nothing is lost, and collecting slows down meanwhile.
 */
export class Recorder implements Sink {
  private readonly options: RecorderOptions;
  private readonly origin: Origin;
  private readonly posture: Posture;
  private readonly knowledge: Knowledge;
  private readonly owners: OwnersAnew;
  private readonly seen = new SeenObjects();
  private readonly kinds = new KindsInView();
  private readonly sight: WrittenSight;
  private readonly waiting = new WaitingObjects();
  private readonly stored = new StoredRows();
  private readonly last: LastWrite;
  private readonly batches: Batches;
  private readonly decisions: TakenDecisions;
  private readonly former: FormerFindings;
  private readonly flushes = new Flushes(() => this.flushOnce(), GATHER_MS);
  /** When the cluster last answered, in milliseconds since the epoch. */
  private answeredAt: number | undefined;
  private hasJudged = false;
  /** Whether it is to be written until when the cluster was seen. */
  private isSeenDue = false;

  constructor(options: RecorderOptions) {
    this.options = options;
    this.origin = { kind: 'cluster', cluster: options.name, resourceVersion: '' };
    const { controls, decisions, version } = options;
    this.posture = new Posture({
      controls,
      kubernetes: clusterRules(version).version,
      decisions,
      contentOf: (pod) => this.waiting.contentOf(pod),
      today: () => this.today(),
      isKnown: (key) => this.knowledge.isKnown(key),
      accepted: (fingerprint) => this.stored.accepted(fingerprint),
    });
    const { kinds, stored, posture } = this;
    const knowledge = new Knowledge({ ...options, kinds, stored, posture });
    this.knowledge = knowledge;
    const last = new LastWrite(options);
    this.last = last;
    const batches = new Batches(options, { stored, last });
    this.batches = batches;
    const today = (): string => this.today();
    this.decisions = new TakenDecisions({ ...options, knowledge, stored, batches, today }, decisions);
    this.former = new FormerFindings(options, { stored, posture, last, decisions: this.decisions });
    const refused = () => this.batches.coverage();
    this.sight = new WrittenSight({ ...options, kinds, knowledge, posture, last, refused });
    const leftKinds = (): ReadonlySet<string> => knowledge.recalledKinds();
    this.owners = new OwnersAnew({ ...options, stored, world: posture.world, leftKinds });
  }

  /** Reads what is stored, to be compared with what is seen. Returns the objects, for the collector. */
  async load(): Promise<readonly { groupKind: string; namespace: string; name: string }[]> {
    const { store, cluster } = this.options;
    await this.last.load();
    const rows = await persist(this.options, () => liveResources(store, cluster));
    this.stored.load(rows, await persist(this.options, () => liveFindings(store, cluster)));
    await this.former.load();
    this.knowledge.remember(await persist(this.options, () => seenBefore(store, cluster)));
    this.posture.remember(await persist(this.options, () => liveRisks(store, cluster)));
    // No list has what is known from pods alone.
    return rows
      .filter(({ isBare }) => !isBare)
      .map(({ kind, namespace, name }) => ({ groupKind: kind, namespace, name }));
  }

  /** @param actor who did it, where that is known better than the objects tell. */
  async upsert(_groupKind: string, objects: readonly JsonObject[], actor?: Actor): Promise<void> {
    const resources: Resource[] = [];
    for (const object of objects) {
      const resource = toResource(withoutHeartbeats(object), this.origin);
      if (!this.seen.note(resource.id, resource.object)) continue;
      this.waiting.note(resource, object, actor);
      resources.push(resource);
    }
    if (resources.length === 0) return;
    this.posture.see({ upsert: resources });
    await this.later();
  }

  async remove(groupKind: string, keys: readonly ObjectKey[], actor?: Actor): Promise<void> {
    const gone = keys.map(({ namespace, name }) => ({ kind: groupKind, namespace, name }));
    for (const key of gone) {
      this.seen.forget(idOf(key));
      this.batches.forget(key);
      this.waiting.remove(key, actor);
    }
    this.posture.see({ upsert: [], remove: gone.map(idOf) });
    await this.later();
  }

  async state(state: KindState): Promise<void> {
    this.kinds.note(state);
    this.sight.outdate();
    await this.later();
  }

  async unseen(unseen: Unseen): Promise<void> {
    this.sight.noteUnseen(unseen);
    await this.later();
  }

  /** Takes new decisions, such as an exception that was made in the hub. */
  async decide(decisions: DecisionSettings): Promise<void> {
    this.decisions.note(decisions);
    await this.later();
  }

  answered(at: number): void {
    this.answeredAt = at;
  }

  /** To be called now and then: exceptions end with their day, and a quiet cluster that answers is seen all the same. */
  async tick(): Promise<void> {
    this.decisions.look(this.hasJudged);
    await this.look();
  }

  /** Sees to it that a database that does not have what was written last is noticed, though nothing is to be written. */
  async look(): Promise<void> {
    this.isSeenDue = true;
    await this.later();
  }

  /** Waits for what is being written, and writes nothing more: what came since is seen again at the next start. */
  async stop(): Promise<void> {
    await this.flushes.stop();
  }

  /** Sees to it that what came is written soon; waits only where very much is waiting. */
  private async later(): Promise<void> {
    // What went wrong ends the collection, which says so and starts anew.
    this.flushes.ask();
    if (this.stored.isSettled && this.waiting.size > MOST_WAITING) await this.flushes.over();
  }

  /**
   * Judges and writes what came; called by itself soon after something came. Risks, of which only the present is kept, can
   * be left to the next time.
   */
  async flush(risks: 'now' | 'later' = 'now'): Promise<void> {
    if (this.flushes.isRunning) await this.flushes.over();
    await this.flushOnce(risks);
  }

  private async flushOnce(risks: 'now' | 'later' = 'now'): Promise<void> {
    if (this.flushes.isStopped) return;
    this.flushes.skip();
    let judgedAt: Date | undefined;
    if (this.kinds.isListed(this.hasJudged)) {
      if (!this.hasJudged) await this.knowledge.recall((id) => this.waiting.has(id));
      const delta = this.posture.judge({ risks, decisions: this.decisions.take() });
      const kinds = this.kinds.seenFirst();
      judgedAt = await this.write(delta);
      const { dueInMs } = this.knowledge;
      if (dueInMs !== undefined) this.flushes.askAfter(dueInMs);
      if (!this.stored.isNew) this.kinds.remember(kinds);
      const isUnreadNew = this.posture.takeUnread();
      if (!this.hasJudged || isUnreadNew) this.sight.outdate();
      this.hasJudged = true;
    } else await this.decisions.writeUnjudged(this.posture.decideAnew(this.decisions.take()), this.hasJudged);
    await this.writeSeen();
    // Afterwards: what is seen and not yet judged must not look as if nothing were wrong with it.
    await this.sight.write(this.hasJudged, judgedAt);
  }

  /** Until when a quiet cluster was seen; once all that came before is written and is still there, and as a fault of the database else. */
  private async writeSeen(): Promise<void> {
    const { store, cluster } = this.options;
    const { answeredAt, isSeenDue } = this;
    if (!isSeenDue || this.isStale || answeredAt === undefined) return;
    this.isSeenDue = false;
    await this.last.try((writer) => noteSeen(store, cluster, new Date(answeredAt), writer));
  }

  private notOnlyMasked({
    resources,
  }: Pick<TakenObjects, 'resources'>): ReturnType<typeof withoutMaskedAnew> {
    return withoutMaskedAnew(resources, { ...this.options, stored: this.stored });
  }

  private takeObjects(): TakenObjects {
    const since = this.hasJudged ? this.options.now().getTime() - RECENT_MS : undefined;
    const seenInPods = new Map(this.posture.takeSeenInPods());
    // Their pods went while nobody looked.
    if (!this.hasJudged)
      for (const id of this.stored.allBare) if (!seenInPods.has(id)) seenInPods.set(id, undefined);
    return this.waiting.take(this.stored, {
      seenInPods,
      world: this.posture.world,
      ownership: this.decisions.ownership,
      isFirst: (row) => this.knowledge.isFirst(row, since),
      isWithheld: (kind) => this.kinds.isWithheld(kind),
    });
  }

  /** Returns the moment of what is written. */
  private async write(judged: PostureDelta): Promise<Date> {
    const at = this.options.now();
    const givenUp = this.kinds.giveUp(at);
    if (givenUp.length > 0) this.sight.outdate();
    const { deletedBy, ...taken } = this.takeObjects();
    const objects = this.hasJudged ? taken : { ...taken, resources: await this.notOnlyMasked(taken) };
    const delta = await this.former.takeOver(judged);
    const { findings: found, resolved } = this.stored.different(
      delta.upserted.map(findingRowOf),
      delta.resolved.map(goneOf),
      this.knowledge.sight(objects.removed),
    );
    const isFirst =
      this.knowledge.isFirstView(taken.resources) || givenUp.some((kind) => this.kinds.isNew(kind));
    const seen = isFirst ? found.map((row) => ({ ...row, isFirst })) : found;
    const isNew = this.stored.isNew;
    const { shownIn } = delta;
    const { risks, riskless } = delta.risks;
    const rested = delta.resolved.flatMap(restedOf);
    const rows = { ...objects, findings: seen, resolved, rested, shownIn, risks, riskless };
    await this.batches.write({ at, ...rows, deletedBy, isFirst: isNew });
    // Whose that is which is seen first was worked out just now.
    if (this.hasJudged) await this.writeOwners(delta);
    if (delta.isDecidedAnew || !this.hasJudged) await this.decisions.writeUnseen();
    return at;
  }

  /** What others say of whose objects are: of very many of them some at a time, so that what comes meanwhile does not wait. */
  private async writeOwners({ owners: places }: PostureDelta): Promise<void> {
    this.owners.note(places);
    if (this.owners.isDone) return;
    const owners = await this.owners.next(this.decisions.ownership);
    await this.batches.writeSaid({ owners });
    if (!this.owners.isDone) this.flushes.ask();
  }

  private today(): string {
    return this.options.now().toISOString().slice(0, 10);
  }

  /** Whether nothing of the cluster is seen any more. */
  get isStale(): boolean {
    return this.kinds.isStale;
  }

  /** What went wrong, if something did: what came then is not written. */
  get failed(): Flushes['failed'] {
    return this.flushes.failed;
  }

  /** Whether everything that was listed was judged and written once. */
  get isJudged(): boolean {
    return this.hasJudged;
  }
}
