import {
  type Finding,
  type Json,
  type Judge,
  type LiveFindings,
  type OwnershipSettings,
  type Resource,
  truncatedSha256,
  type World,
} from '@bulwark/core';
import type { StoredDecision } from '@bulwark/store';
import { type DecidedFinding, type DecisionContext, type DecisionSettings, Decisions } from './decisions.ts';
import { goneOf, idOf } from './stored-rows.ts';

interface Parts {
  readonly world: World;
  readonly findings: LiveFindings;
  readonly outcomes: Judge;
  /** The present day, as YYYY-MM-DD. */
  readonly today: () => string;
  /** What accepted a finding as its object showed it itself the last time, as it is stored; nothing where it is absent. */
  readonly accepted: (fingerprint: string) => StoredDecision | undefined;
}

/** Puts decisions to the findings of one cluster, and tells of those of which they say something else than before. */
export class DecidedFindings {
  private readonly parts: Parts;
  private settings: DecisionSettings;
  private decisions: Decisions;
  private day: string;
  /** What was last told of each finding, by fingerprint, as a hash. */
  private readonly told = new Map<string, string>();
  /** The fingerprints of what an object shows itself; looked up once, as an object may have very many findings. */
  private shown = new WeakMap<Resource, ReadonlySet<string>>();

  constructor(parts: Parts, settings: DecisionSettings) {
    this.parts = parts;
    this.settings = settings;
    this.decisions = new Decisions(settings);
    this.day = parts.today();
  }

  /** How owners are told from what objects say. */
  get ownership(): OwnershipSettings {
    return this.settings.ownership;
  }

  /** What the annotations of an object should except and cannot be read. */
  unreadIn(resource: Resource): ReturnType<Decisions['unreadIn']> {
    return this.decisions.unreadIn(resource);
  }

  /** To be called when the World was judged anew. */
  forget(resolved: readonly Finding[]): void {
    this.shown = new WeakMap();
    for (const { fingerprint } of resolved) this.told.delete(fingerprint);
  }

  /**
   * Takes new decisions, where there are some, and those of a new day: exceptions end with their day.
   *
   * @returns whether all findings are to be decided anew.
   */
  take(settings: DecisionSettings | undefined): boolean {
    const today = this.parts.today();
    if (settings === undefined && today === this.day) return false;
    if (settings !== undefined) this.replace(settings);
    this.day = today;
    return true;
  }

  /** Takes decisions that say the same of other findings than before. */
  replace(settings: DecisionSettings): void {
    this.settings = settings;
    this.decisions = new Decisions(settings);
  }

  /** Decides findings; those of which the same is told as before are left out. */
  decide(findings: Iterable<Finding>): DecidedFinding[] {
    const decided: DecidedFinding[] = [];
    for (const finding of findings) {
      const one = this.decideOne(finding);
      const text = truncatedSha256(textOf(one));
      if (this.told.get(finding.fingerprint) === text) continue;
      this.told.set(finding.fingerprint, text);
      decided.push(one);
    }
    return decided;
  }

  /** Of several that stand for pods all that show a finding have to accept it. */
  private decideOne(finding: Finding): DecidedFinding {
    const context = { world: this.parts.world, today: this.day };
    const [owner] = this.parts.findings.named(idOf(goneOf(finding)));
    if (owner?.seenInPods !== undefined) return this.decideInPods(finding, owner, context);
    let decided: DecidedFinding | undefined;
    for (const subject of this.parts.findings.subjectsOf(finding)) {
      const one = this.decideFor(finding, subject, context);
      if (one.finding.exception === undefined) return one;
      decided ??= one;
    }
    return decided ?? this.decisions.decide(finding, undefined, context);
  }

  /** What is seen in pods is accepted, or asked for, where that controls them, or in all that show it. */
  private decideInPods(finding: Finding, owner: Resource, context: DecisionContext): DecidedFinding {
    const byOwner = this.decisions.decide(finding, owner, context);
    if (byOwner.finding.exception !== undefined) return byOwner;
    let asked: Finding | undefined;
    let excepted: Finding | undefined;
    for (const subject of this.parts.findings.subjectsOf(finding)) {
      const { finding: one } = this.decisions.decide(finding, subject, context);
      if (one.exception !== undefined) excepted ??= one;
      else if (one.requested !== undefined) asked ??= one;
      else return byOwner;
    }
    return { ...byOwner, finding: asked ?? excepted ?? byOwner.finding };
  }

  private shownBy(subject: Resource): ReadonlySet<string> {
    const known = this.shown.get(subject);
    if (known !== undefined) return known;
    const own = new Set(this.parts.outcomes.findingsOf(subject).map(({ fingerprint }) => fingerprint));
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
    const accepted = this.parts.accepted(fingerprint);
    if (decided.finding.exception === undefined && accepted === undefined) return decided;
    if (this.shownBy(subject).has(fingerprint)) return decided;
    const before = accepted === undefined ? [] : [accepted];
    const asMade = { accepted: accepted ?? null };
    return { ...this.decisions.decide(finding, subject, { ...context, before }), asMade };
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
