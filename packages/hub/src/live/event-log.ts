import { randomUUID } from 'node:crypto';
import type { LiveEvent } from '@bulwark/api';
import type { Notice } from '@bulwark/store';

export type Topic = LiveEvent['topics'][number];

/** Something that changed, and where: who may not see the place is not told. */
export interface Happening extends Pick<Notice, 'clusters' | 'namespaces'> {
  readonly topics: readonly Topic[];
  /** Later than that of the one before. */
  readonly sequence: number;
}

type Listener = (happening: Happening) => void;
type SilenceListener = (since: Date | undefined) => void;

const MOST_KEPT = 1000;

/**
 * What changed, in order, for all who watch. The last thousand are kept, so that a watcher who was away for a moment misses
 * nothing; one who was away for longer is told that everything may have changed. They are numbered by the clock, not
 * counted: from numbers that are left out nobody learns how much happens where they may not look, and an old number of an
 * earlier run is never taken for a new one.
 */
export class EventLog {
  /** Which hub numbers: the clock of another one on the database may say otherwise. */
  readonly hub: string;
  private readonly kept: Happening[] = [];
  private readonly listeners = new Set<Listener>();
  private readonly silenceListeners = new Set<SilenceListener>();
  private silent: Date | undefined;
  private readonly now: () => Date;
  /** What came after it is kept. */
  private from: number;
  private sequence: number;

  constructor(now: () => Date, hub: string = randomUUID()) {
    this.now = now;
    this.hub = hub;
    this.sequence = now().getTime();
    this.from = this.sequence;
  }

  /** Tells everybody. */
  add(happening: Omit<Happening, 'sequence'>): void {
    this.sequence = Math.max(this.sequence + 1, this.now().getTime());
    const numbered = { ...happening, sequence: this.sequence };
    this.kept.push(numbered);
    if (this.kept.length > MOST_KEPT) this.from = this.kept.shift()?.sequence ?? this.from;
    for (const listener of this.listeners) listener(numbered);
  }

  /** What came after a sequence; undefined where that is no longer known. */
  after(sequence: number): readonly Happening[] | undefined {
    if (sequence < this.from || sequence > this.latest()) return undefined;
    return this.kept.filter((happening) => happening.sequence > sequence);
  }

  /** A sequence after which nothing has come yet, and which does not say when something came last. */
  latest(): number {
    this.sequence = Math.max(this.sequence, this.now().getTime());
    return this.sequence;
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** When the database answered last, where it does not now: what happens meanwhile nobody hears of. */
  get silentSince(): Date | undefined {
    return this.silent;
  }

  /** Tells everybody that the database does not answer since a moment; undefined where it does again. */
  noteSilence(since: Date | undefined): void {
    this.silent = since;
    for (const listener of this.silenceListeners) listener(since);
  }

  listenToSilence(listener: SilenceListener): () => void {
    this.silenceListeners.add(listener);
    return () => this.silenceListeners.delete(listener);
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
