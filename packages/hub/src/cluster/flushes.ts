/**
 * What is asked for again and again, and done once for all who ask within a time: one after the other. After one that went wrong
 * everybody who asks is told so.
 */
export class Flushes {
  private readonly flush: () => Promise<void>;
  private readonly withinMs: number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private later: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> = Promise.resolve();
  private isBusy = false;
  private fault: { readonly error: unknown } | undefined;
  private hasStopped = false;

  /** @param withinMs how long one waits for others who ask, in milliseconds. */
  constructor(flush: () => Promise<void>, withinMs: number) {
    this.flush = flush;
    this.withinMs = withinMs;
  }

  /** Whether there are no more of them. */
  get isStopped(): boolean {
    return this.hasStopped;
  }

  /** Whether one has begun and is not over. */
  get isRunning(): boolean {
    return this.isBusy;
  }

  /** What went wrong in one, if one did. */
  get failed(): { readonly error: unknown } | undefined {
    return this.fault;
  }

  /** Sees to it that one begins soon. Throws what went wrong in one before. */
  ask(): void {
    if (this.hasStopped) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.running = this.running.then(() => this.run());
    }, this.withinMs);
    if (this.fault !== undefined) throw this.fault.error;
  }

  /** Sees to it that one begins after some milliseconds, though nobody asks till then. */
  askAfter(milliseconds: number): void {
    clearTimeout(this.later);
    if (this.hasStopped) return;
    this.later = setTimeout(() => {
      if (this.fault === undefined) this.ask();
    }, milliseconds);
  }

  private async run(): Promise<void> {
    this.isBusy = true;
    await this.flush().catch((error: unknown) => {
      this.fault ??= { error };
    });
    this.isBusy = false;
  }

  /** To be called where that is done at once, so that it need not be done soon. */
  skip(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Resolves when those that have begun are over. */
  async over(): Promise<void> {
    await this.running;
  }

  /** Begins no more of them, and waits for those that have begun. */
  async stop(): Promise<void> {
    this.skip();
    clearTimeout(this.later);
    this.hasStopped = true;
    await this.running;
  }
}
