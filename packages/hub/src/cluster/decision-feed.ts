import type { DecisionSettings } from './decisions.ts';

/** Who judges by decisions. */
export interface Judging {
  decide(decisions: DecisionSettings): Promise<void>;
}

interface FeedOptions {
  /** Reads the decisions for a cluster as they are now. */
  readonly read: (cluster: number) => Promise<DecisionSettings>;
  /** Told when they could not be read. */
  readonly onFault: () => void;
}

/**
 * Brings decisions to whoever judges a cluster, the newest last. What changes between the first reading and the moment from
 * which new ones can be taken is brought then: an approval must not wait for the next one.
 */
export class DecisionFeed {
  private readonly options: FeedOptions;
  private judging: { readonly by: Judging; readonly cluster: number } | undefined;
  private isMissed = false;
  private running: Promise<void> = Promise.resolve();

  constructor(options: FeedOptions) {
    this.options = options;
  }

  /** What whoever will judge begins with; `attach` is to follow. */
  first(cluster: number): Promise<DecisionSettings> {
    this.judging = undefined;
    this.isMissed = false;
    return this.options.read(cluster);
  }

  /** From now on new decisions go there. */
  attach(by: Judging, cluster: number): void {
    this.judging = { by, cluster };
    if (this.isMissed) void this.changed();
  }

  /** Says that decisions have changed. Resolves when they were brought, or could not be read. */
  changed(): Promise<void> {
    const { judging } = this;
    if (judging === undefined) {
      this.isMissed = true;
      return this.running;
    }
    // One after the other: what was read earlier must not come later.
    this.running = this.running
      .then(async () => judging.by.decide(await this.options.read(judging.cluster)))
      .catch(() => this.options.onFault());
    return this.running;
  }
}
