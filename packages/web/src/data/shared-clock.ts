const STEP_MS = 30_000;
/** What was read so lately is not read again: hundreds of ages are drawn at once. */
const SAME_MS = 500;

/** The time, which goes on in steps: whoever reads it reads the same, so that ages of one page can be compared. */
export class SharedClock {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;
  private read = Date.now();

  /** Milliseconds since 1970, as of the last step. */
  readonly now = (): number => this.read;

  /** Goes on to the time that it is, for all. */
  readonly step = (): void => {
    const now = Date.now();
    if (Math.abs(now - this.read) < SAME_MS) return;
    this.read = now;
    for (const tell of this.listeners) tell();
  };

  /** Tells of each step until the function that is returned is called. */
  readonly listen = (tell: () => void): (() => void) => {
    this.listeners.add(tell);
    this.timer ??= setInterval(this.step, STEP_MS);
    return () => {
      this.listeners.delete(tell);
      if (this.listeners.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  };
}
