import type { Store } from '@bulwark/store';
import { AwayDecisions } from './away-decisions.ts';
import { DecisionFeed } from './decision-feed.ts';
import type { DecisionSettings } from './decisions.ts';

export interface UnrecordedOptions {
  readonly store: Store;
  /** Reads the decisions for a cluster as they are now. */
  readonly decisionsFor: (cluster: number) => Promise<DecisionSettings>;
  readonly now: () => Date;
  /** When it aborts, what is not written yet is left to the next start. */
  readonly signal: AbortSignal;
  /** Told when decisions could not be read, once until they can be again. */
  readonly onFault: () => void;
}

/** So many findings are read and written at once: it is done where requests are answered, which wait for no more than that. */
const AT_ONCE = 100;

interface Decided {
  readonly feed: DecisionFeed;
  readonly away: AwayDecisions;
}

/** Has what is decided hold for the clusters that no hub records: those that do not answer since a start, and those of before. */
export class UnrecordedDecisions {
  private readonly options: UnrecordedOptions;
  private readonly decided = new Map<number, Decided>();
  private bringing: Promise<unknown> = Promise.resolve();

  constructor(options: UnrecordedOptions) {
    this.options = options;
  }

  /** Says which clusters they are now, and decides what is new of them: a cluster, or a day. To be called now and then. */
  async settle(clusters: readonly number[]): Promise<void> {
    for (const known of this.decided.keys()) if (!clusters.includes(known)) this.decided.delete(known);
    for (const cluster of clusters) {
      if (this.options.signal.aborted) return;
      const { away } = this.decided.get(cluster) ?? (await this.begin(cluster));
      await away.settle();
    }
  }

  /** Says that decisions have changed. */
  changed(): void {
    this.bringing = Promise.all([...this.decided.values()].map(({ feed }) => feed.changed()));
  }

  /** Waits until the last that was said is decided, or is left as everything stops. */
  async over(): Promise<void> {
    await this.bringing;
  }

  private async begin(cluster: number): Promise<Decided> {
    const { decisionsFor: read, onFault } = this.options;
    const feed = new DecisionFeed({ read, onFault });
    const away = new AwayDecisions({ ...this.options, cluster, atOnce: AT_ONCE }, await feed.first(cluster));
    const decided = { feed, away };
    this.decided.set(cluster, decided);
    feed.attach(away, cluster);
    return decided;
  }
}
