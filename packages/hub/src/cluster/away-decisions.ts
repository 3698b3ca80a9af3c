import { applyBatch, LeaseLost, type Store } from '@bulwark/store';
import type { DecisionSettings } from './decisions.ts';
import { decideStored } from './stored-decisions.ts';

interface AwayOptions {
  readonly store: Store;
  readonly cluster: number;
  readonly now: () => Date;
  /** When it aborts, what is not written yet is left to the next start. */
  readonly signal?: AbortSignal;
  /** How many findings are read and written at once. */
  readonly atOnce?: number;
}

/**
 * Keeps what is stored of a cluster under the decisions that hold, as long as no hub records it: what is accepted or not accepted any
 * more is so at once, and not when the cluster comes back. Where it ends half-way, whoever begins anew goes on.
 */
export class AwayDecisions {
  private readonly options: AwayOptions;
  private settings: DecisionSettings;
  /** The day for which everything was decided. */
  private day: string | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(options: AwayOptions, settings: DecisionSettings) {
    this.options = options;
    this.settings = settings;
  }

  /** Takes new decisions. */
  async decide(settings: DecisionSettings): Promise<void> {
    this.settings = settings;
    this.day = undefined;
    await this.settle();
  }

  /** To be called now and then: exceptions end with their day. */
  settle(): Promise<void> {
    // One after the other: what was decided earlier must not be written later.
    const settled = this.running.then(() => this.settleNow());
    this.running = settled.catch(() => undefined);
    return settled;
  }

  private async settleNow(): Promise<void> {
    const { store, cluster, now, signal, atOnce } = this.options;
    const { settings } = this;
    const today = now().toISOString().slice(0, 10);
    if (this.day === today) return;
    const nothing = { resources: [], removed: [], resolved: [] };
    try {
      for await (const findings of decideStored(store, cluster, { settings, today, atOnce })) {
        // What else there is to write is decided anew.
        if (settings !== this.settings || signal?.aborted === true) return;
        await applyBatch(store, cluster, { ...nothing, at: now(), findings, unlessLeased: true });
      }
    } catch (error) {
      // The hub that records it decides.
      if (!(error instanceof LeaseLost)) throw error;
    }
    if (settings === this.settings) this.day = today;
  }
}
