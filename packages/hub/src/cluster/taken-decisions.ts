import type { OwnershipSettings } from '@bulwark/core';
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
    this.waiting = settings;
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
