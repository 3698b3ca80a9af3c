/** After so long without an answer a database counts as silent, in milliseconds: what is late once is no reason to say so. */
const SILENT_AFTER_MS = 5000;

/** Tells when what is asked for gets no answer for too long, and when something is answered again. */
export class Silence {
  private readonly tell: (since: Date | undefined) => void;
  private readonly afterMs: number;
  private answeredAt = new Date();
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private isTold = false;

  /** @param tell told when something was answered last, where that is too long ago; undefined where something is again. */
  constructor(tell: (since: Date | undefined) => void, afterMs: number = SILENT_AFTER_MS) {
    this.tell = tell;
    this.afterMs = afterMs;
  }

  /** Something is asked; what was asked before and has no answer counts. */
  asked(): void {
    this.waiting ??= setTimeout(() => {
      const { waiting } = this;
      // What came while this process was busy, or its machine slept, is still to be read.
      setImmediate(() => {
        if (waiting !== this.waiting) return;
        this.isTold = true;
        this.tell(this.answeredAt);
      });
    }, this.afterMs);
  }

  answered(): void {
    this.stop();
    this.answeredAt = new Date();
    if (!this.isTold) return;
    this.isTold = false;
    this.tell(undefined);
  }

  stop(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
  }
}
