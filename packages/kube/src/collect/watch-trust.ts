import type { WatchEnd } from '../client/watch.ts';
import type { KindSight } from './kind-state.ts';

/** A watch that opened and ended. */
export interface Watched extends WatchEnd {
  /** By the client's clock, in milliseconds. */
  readonly openedAt: number;
  /** Whether an event or a bookmark came. */
  readonly isHeard: boolean;
}

/** What breaks once is often whole again at once: so many in a row that told nothing make what is known stale. */
const MOST_MUTE = 2;
/** A watch of that length was one, whatever it told. */
export const LASTING_MS = 10_000;
/** So long is one waited for that is doubted: longer than it has to last, as timers of connections may be early. */
const DOUBTED_SILENCE_MS = 12_000;
/** Bookmarks come about once a minute: a watch without a byte for longer may be on a dead connection. */
const SILENCE_MS = 150_000;
/** Where nothing came over watches for two silences, less what timers are early, nothing gets through. */
const DEAF_MS = 2 * SILENCE_MS - 10_000;
const DEAF =
  'Changes are seen late: watches of the kind begin and tell nothing, so that it is listed every few minutes. Something on the way may keep their answers back.';

/**
 * Tells watches from what opens and is none, such as a page of HTML in the place of the API server, and from those over which
 * nothing gets through.
 */
export class WatchTrust {
  /** How many in a row opened and broke without having told anything. */
  private mute = 0;
  /** When anything last came over a watch. */
  private heardAt = 0;
  /** Whether nothing gets through watches, until something does. */
  private isDeaf = false;

  /** Whether what opens is not taken for a watch before it has told something, or has lasted. */
  get isDoubted(): boolean {
    return this.mute >= MOST_MUTE;
  }

  /** Whether the last one was none. */
  get isMute(): boolean {
    return this.mute > 0;
  }

  /** After how long without a byte the next one is to end. A quiet kind tells nothing for minutes: one that only lasts is trusted, too. */
  get silenceMs(): number {
    return this.isDoubted ? DOUBTED_SILENCE_MS : SILENCE_MS;
  }

  /** How the kind is seen once a watch of it opens; undefined where that tells nothing. */
  get sight(): KindSight | undefined {
    if (this.isDoubted) return undefined;
    return this.isDeaf ? { state: 'polled', reason: DEAF } : { state: 'live' };
  }

  /** A watch tells something; answers whether none was trusted to before. */
  heard(now: number): boolean {
    const isNews = this.isDoubted || this.isDeaf;
    this.mute = 0;
    this.isDeaf = false;
    this.heardAt = now;
    return isNews;
  }

  /**
   * Whether no event and no bookmark came over watches for so long that they may tell nothing at all. Servers send bookmarks
   * each minute where they are asked for; old ones and some of extensions send none, so that a quiet kind sounds the same as a
   * way that keeps everything back. A list tells them apart from neither, but shows what there is: the kind is then listed after
   * each silence, which is cheap where it is quiet, and counts as seen, late, not as unseen.
   */
  hearsNothing(now: number, listedAt: number): boolean {
    const quietMs = now - Math.max(this.heardAt, listedAt);
    const isQuiet = quietMs >= (this.isDeaf ? DEAF_MS - SILENCE_MS : DEAF_MS);
    if (isQuiet) this.isDeaf = true;
    return isQuiet;
  }

  /**
   * Notes one that ended: it was none where not one event came, and either what came was something else or it ended at
   * once. One that is cut after a quiet while, as load balancers do, was one.
   */
  ended({ openedAt, isHeard, failure }: Watched, now: number): void {
    const isOfAnswer = failure?.kind === 'garbled' || failure?.status !== undefined;
    const isNone = !isHeard && (isOfAnswer || now - openedAt < LASTING_MS);
    this.mute = isNone ? this.mute + 1 : 0;
  }
}
