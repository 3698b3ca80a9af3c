import type { News } from './connection.ts';
import { CHECK_MS, HubStream, type HubStreamOptions, QUIET_MS } from './hub-stream.ts';

export interface FollowOptions extends HubStreamOptions {
  /** What all tabs that may share a stream have in common. */
  readonly name: string;
}

/** Something that hears what happens in the hub, until it is stopped. */
export interface Follower {
  /** Tries at once where it is cut off. */
  hurry(): void;
  stop(): void;
}

/** What tabs say to each other: what the one that reads has heard, and what the others ask of it. */
type Message = News | { readonly kind: 'hello' } | { readonly kind: 'hurry' };

/**
 * Follows the hub by one stream for all tabs of a browser, as browsers open six connections to a host and each stream takes
 * one. The tab that holds a lock reads and tells the others; when it closes, the lock goes to another.
 */
class SharedStream implements Follower {
  private readonly options: FollowOptions;
  private readonly channel: BroadcastChannel;
  private readonly check: ReturnType<typeof setInterval>;
  /** Only in the tab that reads. */
  private stream: HubStream | undefined;
  private turn = new AbortController();
  private heardAt = Date.now();

  constructor(options: FollowOptions) {
    this.options = options;
    this.channel = new BroadcastChannel(options.name);
    this.channel.addEventListener('message', ({ data }: MessageEvent<Message>) => this.hear(data));
    this.say({ kind: 'hello' });
    this.check = setInterval(() => this.mind(), CHECK_MS);
    void this.queue();
  }

  hurry(): void {
    if (this.stream === undefined) this.say({ kind: 'hurry' });
    else this.stream.hurry();
  }

  stop(): void {
    clearInterval(this.check);
    this.leave();
    this.channel.close();
  }

  /** Waits until it is this tab's turn to read, and reads until it leaves or another one takes over. */
  private async queue(how: 'wait' | 'take' = 'wait'): Promise<void> {
    const turn = new AbortController();
    this.turn = turn;
    let isMine = false;
    const read = () => {
      isMine = true;
      // Whoever takes over cannot be told that it has left meanwhile.
      if (turn.signal.aborted) return undefined;
      this.stream = new HubStream({
        ...this.options,
        tell: (news) => {
          this.say(news);
          this.options.tell(news);
        },
      });
      return new Promise<void>((done) => {
        turn.signal.addEventListener('abort', () => done());
      });
    };
    await navigator.locks
      .request(this.options.name, how === 'take' ? { steal: true } : { signal: turn.signal }, read)
      .catch(() => undefined);
    if (turn.signal.aborted) return;
    if (!isMine) {
      // A browser that keeps nothing of sites may refuse locks.
      void read();
      return;
    }
    this.leave();
    void this.queue();
  }

  private leave(): void {
    this.turn.abort();
    this.stream?.stop();
    this.stream = undefined;
  }

  /** Takes over from a tab from which nothing is heard: a browser may have put it to sleep. Only who is looked at does so. */
  private mind(): void {
    if (this.stream !== undefined || document.hidden || Date.now() - this.heardAt <= QUIET_MS) return;
    this.heardAt = Date.now();
    this.leave();
    void this.queue('take');
  }

  private hear(message: Message): void {
    if (message.kind === 'hello') this.stream?.repeat();
    else if (message.kind === 'hurry') this.stream?.hurry();
    else if (this.stream === undefined) {
      this.heardAt = Date.now();
      this.options.tell(message);
    }
  }

  private say(message: Message): void {
    this.channel.postMessage(message);
  }
}

/** Follows the hub by a stream of its own, while it is looked at: where tabs cannot share, hidden ones must not take all connections. */
class OwnStream implements Follower {
  private readonly options: HubStreamOptions;
  private stream: HubStream | undefined;
  private readonly look = (): void => {
    if (document.hidden) this.end();
    else this.stream ??= new HubStream(this.options);
  };

  constructor(options: HubStreamOptions) {
    this.options = options;
    document.addEventListener('visibilitychange', this.look);
    this.look();
  }

  hurry(): void {
    this.stream?.hurry();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.look);
    this.end();
  }

  private end(): void {
    this.stream?.stop();
    this.stream = undefined;
  }
}

/** Follows the hub. Web Locks are there in secure contexts only, which are HTTPS and the loopback address. */
export function follow(options: FollowOptions): Follower {
  const canShare = 'locks' in navigator && 'BroadcastChannel' in globalThis;
  return canShare ? new SharedStream(options) : new OwnStream(options);
}
