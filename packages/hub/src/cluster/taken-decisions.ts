import type { Exception, OwnershipSettings } from '@bulwark/core';
import type { Batches } from './batches.ts';
import type { DecisionSettings } from './decisions.ts';
import { findingRowOf } from './finding-row.ts';
import type { Knowledge } from './knowledge.ts';
import type { PostureDelta } from './posture.ts';
import type { StoredRows } from './stored-rows.ts';

interface Parts {
  readonly knowledge: Knowledge;
  readonly stored: StoredRows;
  readonly batches: Batches;
  /** The present day, as YYYY-MM-DD. */
  readonly today: () => string;
  readonly signal?: AbortSignal | undefined;
}

/** What is decided of a cluster, as its recorder takes it; it holds for what is not judged now, too. */
export class TakenDecisions {
  private readonly parts: Parts;
  private taken: DecisionSettings;
  private waiting: DecisionSettings | undefined;
  /** Whether the first judgement, which decides all that is stored, is late; undefined where that was not looked at. */
  private isOverdue: boolean | undefined;
  /** Findings that exceptions name and that are called otherwise by now, by their former fingerprints. */
  private readonly renamed = new Map<string, string>();

  constructor(parts: Parts, settings: DecisionSettings) {
    this.parts = parts;
    this.taken = settings;
  }

  /** How owners are told from what objects say. */
  get ownership(): OwnershipSettings {
    return this.taken.ownership;
  }

  /** Notes new decisions; they hold when they are taken. */
  note(settings: DecisionSettings): void {
    // They may have been read before the findings were renamed.
    this.waiting = naming(settings, this.renamed);
  }

  /**
   * Notes the fingerprints of findings that are called otherwise by now, by those of before.
   *
   * @returns what is decided, which names them as well, where an exception names one of them.
   */
  rename(byFormer: ReadonlyMap<string, string>): DecisionSettings | undefined {
    const before = this.renamed.size;
    for (const { scope } of [...this.taken.exceptions, ...(this.waiting?.exceptions ?? [])])
      for (const former of scope.fingerprints ?? []) {
        const fingerprint = byFormer.get(former);
        if (fingerprint !== undefined) this.renamed.set(former, fingerprint);
      }
    if (this.renamed.size === before) return undefined;
    this.taken = naming(this.taken, this.renamed);
    this.waiting = this.waiting && naming(this.waiting, this.renamed);
    return this.taken;
  }

  /** Takes what was noted since this was called before; nothing where there was nothing. */
  take(): DecisionSettings | undefined {
    const { waiting } = this;
    this.waiting = undefined;
    this.taken = waiting ?? this.taken;
    return waiting;
  }

  /** To be called now and then: a first judgement that did not come by then is not waited for. */
  look(hasJudged: boolean): void {
    this.isOverdue ??= !hasJudged;
  }

  /** While nothing can be judged, or not yet, what is decided holds all the same. */
  async writeUnjudged({ upserted, isDecidedAnew }: PostureDelta, hasJudged: boolean): Promise<void> {
    const { stored, knowledge, batches } = this.parts;
    if (!isDecidedAnew && !this.isOverdue) return;
    if (this.isOverdue === true) this.isOverdue = false;
    const rows = upserted.map(findingRowOf);
    const findings = hasJudged ? stored.different(rows, [], knowledge.sightOfOld()).findings : [];
    await batches.writeSaid({ findings });
    await this.writeUnseen();
  }

  /** What is decided holds for what is not seen, too. Where it ends half-way, the first judgement after the next start goes on. */
  async writeUnseen(): Promise<void> {
    const { knowledge, batches, signal, today } = this.parts;
    for await (const findings of knowledge.decideUnseen(this.taken, today())) {
      if (signal?.aborted === true) return;
      await batches.writeSaid({ findings });
    }
  }
}

function naming(settings: DecisionSettings, renamed: ReadonlyMap<string, string>): DecisionSettings {
  if (renamed.size === 0) return settings;
  const exceptions = settings.exceptions.map((exception): Exception => {
    const { fingerprints } = exception.scope;
    if (fingerprints === undefined) return exception;
    const now = [...fingerprints].flatMap((former) => renamed.get(former) ?? []);
    return { ...exception, scope: { ...exception.scope, fingerprints: new Set([...fingerprints, ...now]) } };
  });
  return { ...settings, exceptions };
}
