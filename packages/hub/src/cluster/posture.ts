import {
  type Changes,
  type Control,
  controllerReference,
  type Delta,
  type Finding,
  Judge,
  type KubernetesVersion,
  LiveFindings,
  LiveSubjects,
  Plan,
  type Resource,
  World,
} from '@bulwark/core';
import type { CoverageRecord, ObjectKey, ShownIn, StoredDecision } from '@bulwark/store';
import { controlRecord } from './coverage.ts';
import { DecidedFindings } from './decided-findings.ts';
import type { DecidedFinding, DecisionSettings } from './decisions.ts';
import { type OwnerPlace, ownersSaidOtherwise } from './owner-places.ts';
import { isRecalled } from './recalled.ts';
import { NO_RISKS, Risks, type RisksDelta } from './risks.ts';
import { ShownInPods } from './shown-in.ts';
import { idOf } from './stored-rows.ts';
import { UnreadExceptions } from './unread-exceptions.ts';
import type { SeenInPodsChanges } from './waiting-objects.ts';

/** What a batch of changes did to what is known of a cluster. */
export interface PostureDelta {
  /** New, or different from before in text or in what people have said. */
  readonly upserted: readonly DecidedFinding[];
  /** Findings that are no more. */
  readonly resolved: readonly Finding[];
  /** In which pods alone findings are or were, by fingerprint. */
  readonly shownIn: ReadonlyMap<string, ShownIn>;
  readonly risks: RisksDelta;
  /** Where objects that did not change may be another owner's. */
  readonly owners: readonly OwnerPlace[];
  /** Whether decisions were put to all findings. */
  readonly isDecidedAnew: boolean;
}

const NOTHING: PostureDelta = {
  upserted: [],
  resolved: [],
  shownIn: new Map(),
  risks: NO_RISKS,
  owners: [],
  isDecidedAnew: false,
};

export interface PostureOptions {
  readonly controls: readonly Control[];
  readonly kubernetes: KubernetesVersion;
  readonly decisions: DecisionSettings;
  /** Names the content of a pod without what is each pod's own. */
  readonly contentOf: (pod: Resource) => string;
  /** The present day, as YYYY-MM-DD. */
  readonly today: () => string;
  /** Whether it is known how an object of before the start is now, or that it is not there; of all when absent. */
  readonly isKnown?: (key: ObjectKey) => boolean;
  /** What accepted a finding as its object showed it itself the last time, as it is stored; nothing where it is absent. */
  readonly accepted?: (fingerprint: string) => StoredDecision | undefined;
}

/** The findings of one cluster, with decisions, kept up to date over changes of objects, decisions and days. */
export class Posture {
  readonly world: World;
  private readonly subjects: LiveSubjects;
  private readonly findings: LiveFindings;
  private readonly shownIn = new ShownInPods();
  private readonly outcomes: Judge;
  private readonly risks: Risks;
  private readonly decided: DecidedFindings;
  private readonly waiting = new Map<string, Resource | undefined>();
  /** The ids of the workloads that are seen in pods, and what of them is different since that was taken. */
  private readonly seenInPods = new Set<string>();
  private newInPods = new Map<string, Resource | undefined>();
  private readonly unread = new UnreadExceptions();
  /** Kinds that changed since risks were last looked at. */
  private readonly unrisked = new Set<string>();
  /** What of the World is known from before the start only, by id. */
  private readonly recalled = new Set<string>();

  constructor(options: PostureOptions) {
    const { controls, kubernetes, decisions, contentOf, today } = options;
    const { isKnown = () => true, accepted = () => undefined } = options;
    this.world = World.of([]).world;
    this.outcomes = new Judge(this.world, new PlanOfSeen(controls), kubernetes);
    this.findings = new LiveFindings(this.world, this.outcomes);
    this.risks = new Risks(this.world, (id) => this.findings.ownerKeyOf(id), isKnown);
    // A pod that is seen must not be taken for one that is not, however equal they are.
    this.subjects = new LiveSubjects((pod) => `${isRecalled(pod) ? 'recalled ' : ''}${contentOf(pod)}`);
    const { world, findings, outcomes } = this;
    this.decided = new DecidedFindings({ world, findings, outcomes, today, accepted }, decisions);
  }

  /** How many findings there are, and pods that others stand for. */
  get size(): { readonly findings: number; readonly represented: number } {
    return { findings: this.findings.size, represented: this.subjects.represented };
  }

  /** Takes what was stored of risks, so that only what is different is told. */
  remember(risks: Parameters<Risks['remember']>[0]): void {
    this.risks.remember(risks);
  }

  /** Notes what was seen in the cluster; it counts when `settle` is called. */
  see(changes: Changes): void {
    const { upsert, remove = [] } = this.subjects.apply(changes);
    for (const id of remove) {
      this.waiting.set(id, undefined);
      this.recalled.delete(id);
      this.noteInPods(id, undefined);
    }
    for (const resource of upsert) {
      this.waiting.set(resource.id, resource);
      this.noteInPods(resource.id, resource);
      if (isRecalled(resource)) this.recalled.add(resource.id);
      else this.recalled.delete(resource.id);
    }
  }

  private noteInPods(id: string, resource: Resource | undefined): void {
    const wasInPods = this.seenInPods.delete(id) || this.newInPods.has(id);
    if (resource?.seenInPods !== undefined) this.seenInPods.add(id);
    else if (!wasInPods) return;
    this.newInPods.set(id, resource);
  }

  /** Takes what of workloads that are seen in pods is different since this was asked before: they are in no list of the cluster. */
  takeSeenInPods(): SeenInPodsChanges {
    const { newInPods } = this;
    this.newInPods = new Map();
    return newInPods;
  }

  /** The objects to which something belongs that is known from before the start only, by key. */
  recalledOwners(): ReadonlySet<string> {
    return new Set([...this.recalled].map((id) => this.findings.ownerKeyOf(id) ?? id));
  }

  /** What is called so in the World: an object, or all that stand for the pods of a controller that is not there. */
  named(key: ObjectKey): readonly Resource[] {
    return this.findings.named(idOf(key));
  }

  /** Judges what was seen since the last time, on the present day and by new decisions where there are some. */
  judge({
    risks,
    decisions,
  }: {
    readonly risks: 'now' | 'later';
    readonly decisions: DecisionSettings | undefined;
  }): PostureDelta {
    const { risks: changed, ...settled } = this.settle({ risks });
    const { upserted, isDecidedAnew } = this.decideAnew(decisions);
    return { ...settled, upserted: [...settled.upserted, ...upserted], isDecidedAnew, risks: changed };
  }

  /**
   * Judges what was seen since the last time. Risks, of which only the present is kept, can be left to the next time; then
   * the World may have changed again.
   */
  settle({ risks: when = 'now' }: { readonly risks?: 'now' | 'later' } = {}): PostureDelta {
    const inWorld = { upsert: [] as Resource[], remove: [] as string[] };
    for (const [id, resource] of this.waiting) {
      this.unread.note(id, resource, resource && this.decided.unreadIn(resource));
      if (resource === undefined) inWorld.remove.push(id);
      else inWorld.upsert.push(resource);
    }
    this.waiting.clear();
    const { opened, changed, resolved, shown, delta } = this.findings.apply(inWorld);
    this.decided.forget(resolved);
    const again = new Set<Finding>([...opened, ...changed]);
    for (const finding of this.saidOtherwise(delta)) again.add(finding);
    for (const kind of delta.kinds) this.unrisked.add(kind);
    const upserted = this.decided.decide(again);
    const found = upserted.map(({ finding }) => finding);
    return {
      ...NOTHING,
      upserted,
      resolved,
      shownIn: this.shownIn.of(shown, found, (finding) => this.findings.showing(finding)),
      risks: when === 'now' ? this.risksNow() : NO_RISKS,
      owners: [...this.ownersSaidOtherwise(delta)],
    };
  }

  private ownersSaidOtherwise(delta: Delta): Iterable<OwnerPlace> {
    const { world, findings, decided } = this;
    return ownersSaidOtherwise(delta, {
      world,
      ownership: decided.ownership,
      controlledBy: (id) => findings.controlledBy(id),
    });
  }

  /** What people say stands in objects and in their namespaces, and can change without the findings. */
  private *saidOtherwise({ added, removed, changed, kinds }: Delta): Generator<Finding> {
    const owners = new Set(changed.map(({ after }) => this.ownerKeyOf(after)));
    // What controls something says whose that is, too.
    for (const { id } of [...added, ...removed, ...changed.map(({ after }) => after)])
      for (const owned of this.findings.controlledBy(id))
        if (owned.id !== id) owners.add(this.ownerKeyOf(owned));
    for (const owner of owners) yield* this.findings.of(owner);
    // What stands for pods is another one where it says something else.
    for (const standIn of [...added, ...removed]) {
      if (standIn.id === standIn.key) continue;
      yield* this.findings.of(standIn.key);
      const controller = controllerReference(standIn);
      if (controller === undefined) continue;
      const { groupKind, name } = controller;
      yield* this.findings.of(idOf({ kind: groupKind, namespace: standIn.namespace, name }));
    }
    if (!kinds.has('Namespace')) return;
    const names = new Set(
      [...added, ...changed.map(({ after }) => after)]
        .filter(({ groupKind }) => groupKind === 'Namespace')
        .map(({ name }) => name),
    );
    for (const finding of this.findings.all()) if (names.has(finding.resource.namespace)) yield finding;
  }

  private risksNow(): RisksDelta {
    const kinds = new Set(this.unrisked);
    this.unrisked.clear();
    return this.risks.apply({ kinds });
  }

  /** Takes new decisions, where there are some, and those of a new day: exceptions end with their day. */
  decideAnew(settings?: DecisionSettings): PostureDelta {
    if (!this.decided.take(settings)) return NOTHING;
    return { ...NOTHING, upserted: this.decided.decide(this.findings.all()), isDecidedAnew: true };
  }

  /**
   * Decides some findings again, as they are called otherwise than before. Those of which the same is told are left out.
   *
   * @param settings what is decided, where that names them otherwise.
   */
  decideAgain(findings: Iterable<Finding>, settings?: DecisionSettings): readonly DecidedFinding[] {
    if (settings !== undefined) this.decided.replace(settings);
    return this.decided.decide(findings);
  }

  /** Whether coverage may say something else of exceptions in objects than when this was last asked. */
  takeUnread(): boolean {
    return this.unread.takeNew();
  }

  /** What could not be judged or read: controls that failed, and exceptions in objects. */
  *coverage(): Generator<CoverageRecord> {
    yield* this.unread.records((resource) => {
      const owner = this.findings.ownerKeyOf(resource.id);
      return (owner === undefined ? undefined : this.findings.named(owner)[0]) ?? resource;
    });
    for (const { resource, control, outcome } of this.outcomes.all())
      if (outcome.verdict === 'error')
        yield controlRecord(resource, { control: control.id, reason: outcome.reason ?? 'unknown error' });
  }

  private ownerKeyOf({ id }: Resource): string {
    return this.findings.ownerKeyOf(id) ?? id;
  }
}

/**
 * The controls for what is seen. What is known from before the start only is not judged: what was found in it stays, as what
 * is stored of it has no values and no secrets.
 */
class PlanOfSeen extends Plan {
  override controlsFor(resource: Resource): readonly Control[] {
    return isRecalled(resource) ? [] : super.controlsFor(resource);
  }
}
