import type { LiveEvent } from '@bulwark/api';

type Topic = LiveEvent['topics'][number];
type Listener = (event: LiveEvent) => void;

const MOST_KEPT = 1000;

/**
 * What changed, in order, for all who watch. The last thousand events are kept, so that a watcher who was away for a
 * moment misses nothing; one who was away for longer is told that everything may have changed.
 */
export class EventLog {
  private readonly kept: LiveEvent[] = [];
  private readonly listeners = new Set<Listener>();
  private sequence: number;

  /** @param first where the numbers begin: later than in any run before, so that an old number is never taken for a new one. */
  constructor(first: number) {
    this.sequence = first;
  }

  get last(): number {
    return this.sequence;
  }

  /** Tells everybody. */
  add(cluster: number | null, topics: readonly Topic[]): void {
    this.sequence++;
    const event: LiveEvent = { sequence: this.sequence, cluster, topics: [...topics] };
    this.kept.push(event);
    if (this.kept.length > MOST_KEPT) this.kept.shift();
    for (const listener of this.listeners) listener(event);
  }

  /** What came after a sequence; undefined where that is no longer known. */
  after(sequence: number): readonly LiveEvent[] | undefined {
    if (sequence > this.sequence) return undefined;
    const [oldest] = this.kept;
    const known = oldest === undefined ? this.sequence : oldest.sequence - 1;
    return sequence < known ? undefined : this.kept.filter((event) => event.sequence > sequence);
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

export const ALL_TOPICS = [
  'clusters',
  'inventory',
  'findings',
  'coverage',
  'exceptions',
  'triage',
  'settings',
] as const satisfies readonly Topic[];
