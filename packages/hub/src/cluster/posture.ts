import {
  type Changes,
  type Control,
  controllerReference,
  type Delta,
  type Finding,
  hash128,
  type Json,
  Judge,
  type KubernetesVersion,
  LiveFindings,
  LiveSubjects,
  type OwnershipSettings,
  Plan,
  type Resource,
  World,
} from '@bulwark/core';
import type { CoverageRecord, ObjectKey, StoredDecision } from '@bulwark/store';
import { controlRecord } from './coverage.ts';
import { type DecidedFinding, type DecisionContext, type DecisionSettings, Decisions } from './decisions.ts';
import { type OwnerPlace, ownersSaidOtherwise } from './owner-places.ts';
import { isRecalled } from './recalled.ts';
import { NO_RISKS, Risks, type RisksDelta } from './risks.ts';
import { goneOf, idOf } from './stored-rows.ts';
import { UnreadExceptions } from './unread-exceptions.ts';
import type { SeenInPodsChanges } from './waiting-objects.ts';

/** What a batch of changes did to what is known of a cluster. */
export interface PostureDelta {
  /** New, or different from before in text or in what people have said. */
  readonly upserted: readonly DecidedFinding[];
  /** Findings that are no more. */
  readonly resolved: readonly Finding[];
  readonly risks: RisksDelta;
  /** Where objects that did not change may be another owner's. */
  readonly owners: readonly OwnerPlace[];
  /** Whether decisions were put to all findings. */
  readonly isDecidedAnew: boolean;
}

const NOTHING: PostureDelta = {
  upserted: [],
  resolved: [],
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
  private readonly outcomes: Judge;
  private readonly risks: Risks;
  private readonly today: () => string;
  private decisions: Decisions;
  private ownership: OwnershipSettings;
  private day: string;
  /** What was last told of each finding, by fingerprint, as a hash. */
  private readonly told = new Map<string, string>();
  private readonly accepted: NonNullable<PostureOptions['accepted']>;
  private shown = new WeakMap<Resource, ReadonlySet<string>>();
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
    const { controls, kubernetes, decisions, contentOf, today, isKnown = () => true } = options;
    this.world = World.of([]).world;
    this.outcomes = new Judge(this.world, new PlanOfSeen(controls), kubernetes);
    this.findings = new LiveFindings(this.world, this.outcomes);
    this.risks = new Risks(this.world, (id) => this.findings.ownerKeyOf(id), isKnown);
    // A pod that is seen must not be taken for one that is not, however equal they are.
    this.subjects = new LiveSubjects((pod) => `${isRecalled(pod) ? 'recalled ' : ''}${contentOf(pod)}`);
    this.decisions = new Decisions(decisions);
    this.ownership = decisions.ownership;
    this.accepted = options.accepted ?? (() => undefined);
    this.today = today;
    this.day = today();
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
      this.unread.note(id, resource, resource && this.decisions.unreadIn(resource));
      if (resource === undefined) inWorld.remove.push(id);
      else inWorld.upsert.push(resource);
    }
    this.waiting.clear();
    const { opened, changed, resolved, delta } = this.findings.apply(inWorld);
    this.shown = new WeakMap();
    for (const { fingerprint } of resolved) this.told.delete(fingerprint);
    const again = new Set<Finding>([...opened, ...changed]);
    for (const finding of this.saidOtherwise(delta)) again.add(finding);
    for (const kind of delta.kinds) this.unrisked.add(kind);
    return {
      ...NOTHING,
      upserted: this.decide(again),
      resolved,
      risks: when === 'now' ? this.risksNow() : NO_RISKS,
      owners: [...this.ownersSaidOtherwise(delta)],
    };
  }

  private ownersSaidOtherwise(delta: Delta): Iterable<OwnerPlace> {
    const { world, ownership, findings } = this;
    return ownersSaidOtherwise(delta, {
      world,
      ownership,
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
    const today = this.today();
    if (settings === undefined && today === this.day) return NOTHING;
    if (settings !== undefined) {
      this.decisions = new Decisions(settings);
      this.ownership = settings.ownership;
    }
    this.day = today;
    return { ...NOTHING, upserted: this.decide(this.findings.all()), isDecidedAnew: true };
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

  private decide(findings: Iterable<Finding>): DecidedFinding[] {
    const decided: DecidedFinding[] = [];
    for (const finding of findings) {
      const one = this.decideOne(finding);
      const text = hash128(textOf(one));
      if (this.told.get(finding.fingerprint) === text) continue;
      this.told.set(finding.fingerprint, text);
      decided.push(one);
    }
    return decided;
  }

  /** Of several that stand for pods all that show a finding have to accept it. */
  private decideOne(finding: Finding): DecidedFinding {
    const context = { world: this.world, today: this.day };
    const [owner] = this.findings.named(idOf(goneOf(finding)));
    if (owner?.seenInPods !== undefined) return this.decideInPods(finding, owner, context);
    let decided: DecidedFinding | undefined;
    for (const subject of this.findings.subjectsOf(finding)) {
      const one = this.decideFor(finding, subject, context);
      if (one.finding.exception === undefined) return one;
      decided ??= one;
    }
    return decided ?? this.decisions.decide(finding, undefined, context);
  }

  /** What is seen in pods is accepted where that controls them, or in all that show it. */
  private decideInPods(finding: Finding, owner: Resource, context: DecisionContext): DecidedFinding {
    const byOwner = this.decisions.decide(finding, owner, context);
    if (byOwner.finding.exception !== undefined) return byOwner;
    let decided: Finding | undefined;
    for (const subject of this.findings.subjectsOf(finding)) {
      const { finding: one } = this.decisions.decide(finding, subject, context);
      if (one.exception === undefined)
        return one.requested === undefined ? byOwner : { ...byOwner, finding: one };
      decided ??= one;
    }
    return decided === undefined ? byOwner : { ...byOwner, finding: decided };
  }

  /** The fingerprints of what an object shows itself; looked up once, as an object may have very many findings. */
  private shownBy(subject: Resource): ReadonlySet<string> {
    const known = this.shown.get(subject);
    if (known !== undefined) return known;
    const own = new Set(this.outcomes.findingsOf(subject).map(({ fingerprint }) => fingerprint));
    this.shown.set(subject, own);
    return own;
  }

  /**
   * What only pods show that were made of a version of before is accepted as it was in that version: whoever mends it takes
   * what accepts it away in the same change, and has opened nothing while the pods of before go.
   */
  private decideFor(finding: Finding, subject: Resource, context: DecisionContext): DecidedFinding {
    const { fingerprint } = finding;
    const decided = this.decisions.decide(finding, subject, context);
    const accepted = this.accepted(fingerprint);
    if (decided.finding.exception === undefined && accepted === undefined) return decided;
    if (this.shownBy(subject).has(fingerprint)) return decided;
    const before = accepted === undefined ? [] : [accepted];
    const asMade = { accepted: accepted ?? null };
    return { ...this.decisions.decide(finding, subject, { ...context, before }), asMade };
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

function textOf({ finding, ownership, asMade }: DecidedFinding): string {
  const { message, severity, path, isFixable, exception, requested, resource, causes = [] } = finding;
  const parts: Json[] = [message, severity, path, isFixable, resource.apiVersion, causes];
  return JSON.stringify([...parts, saidBy(exception), saidBy(requested), ownership, asMade]);
}

function saidBy(exception: Finding['exception']): Json {
  if (exception === undefined) return null;
  const { origin, source, reason, owner, until, annotation, approvedBy, refusedBy } = exception;
  const said: Json[] = [origin, source, reason, owner ?? null, until ?? null];
  return annotation === undefined ? said : [...said, annotation, approvedBy ?? null, refusedBy ?? null];
}
