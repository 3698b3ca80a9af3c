import { applyBatch, LeaseLost, type Store } from '@bulwark/store';
import type { DecisionSettings } from './decisions.ts';
import { decideStored } from './stored-decisions.ts';

interface AwayOptions {
  readonly store: Store;
  readonly cluster: number;
  readonly now: () => Date;
}

/**
 * Keeps what is stored of a cluster that does not answer under the decisions that hold, as long as no hub records it: what is
 * accepted or not accepted any more is so at once, and not when the cluster comes back.
 */
export class AwayDecisions {
  private readonly options: AwayOptions;
  private settings: DecisionSettings;
  /** The day for which everything was decided. */
  private day: string | undefined;

  constructor(options: AwayOptions, settings: DecisionSettings) {
    this.options = options;
    this.settings = settings;
  }

  get cluster(): number {
    return this.options.cluster;
  }

  /** Takes new decisions. */
  async decide(settings: DecisionSettings): Promise<void> {
    this.settings = settings;
    this.day = undefined;
    await this.settle();
  }

  /** To be called now and then: exceptions end with their day. */
  async settle(): Promise<void> {
    const { store, cluster, now } = this.options;
    const { settings } = this;
    const at = now();
    const today = at.toISOString().slice(0, 10);
    if (this.day === today) return;
    const findings = await decideStored(store, cluster, { settings, today });
    const nothing = { resources: [], removed: [], resolved: [] };
    try {
      if (findings.length > 0)
        await applyBatch(store, cluster, { ...nothing, at, findings, unlessLeased: true });
    } catch (error) {
      // The hub that records it decides.
      if (!(error instanceof LeaseLost)) throw error;
    }
    if (settings === this.settings) this.day = today;
  }
}
