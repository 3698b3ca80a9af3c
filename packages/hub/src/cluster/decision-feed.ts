import type { DecisionSettings } from './decisions.ts';

/** Who judges by decisions. */
export interface Judging {
  decide(decisions: DecisionSettings): Promise<void>;
}

interface FeedOptions {
  /** Reads the decisions for a cluster as they are now. */
  readonly read: (cluster: number) => Promise<DecisionSettings>;
  /** Told when they could not be brought, once until they can be again. */
  readonly onFault: () => void;
  /** After how many milliseconds it is tried again. */
  readonly againMs?: number;
}

const AGAIN_MS = 5000;

/**
 * Brings decisions to whoever judges a cluster, the newest last. What changes between the first reading and the moment from
 * which new ones can be taken is brought then: an approval must not wait for the next one.
 */
export class DecisionFeed {
  private readonly options: FeedOptions;
  private judging: { readonly by: Judging; readonly cluster: number } | undefined;
  private isMissed = false;
  private again: ReturnType<typeof setTimeout> | undefined;
  private hasFailed = false;
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

  /** Says that decisions have changed. Resolves when they were brought, or it is known that this has to be tried again. */
  changed(): Promise<void> {
    const { judging } = this;
    if (judging === undefined) {
      this.isMissed = true;
      return this.running;
    }
    // One after the other: what was read earlier must not come later.
    this.running = this.running
      .then(async () => judging.by.decide(await this.options.read(judging.cluster)))
      .then(
        () => {
          this.hasFailed = false;
        },
        () => this.tryAgain(),
      );
    return this.running;
  }

  /** Nobody says again what has changed. */
  private tryAgain(): void {
    const { onFault, againMs = AGAIN_MS } = this.options;
    if (!this.hasFailed) onFault();
    this.hasFailed = true;
    this.again ??= setTimeout(() => {
      this.again = undefined;
      void this.changed();
    }, againMs).unref();
  }
}
