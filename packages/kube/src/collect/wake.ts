import type { Clock } from '../clock.ts';

/** A wait that others can shorten. */
export class Wake {
  private readonly clock: Clock;
  private times: number[] = [];
  private waiting: AbortController | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Ends the wait after each of these times, in milliseconds from now; what was asked for before no longer counts. */
  after(delays: readonly number[]): void {
    const now = this.clock.now();
    this.times = delays.map((delay) => now + delay);
    this.waiting?.abort();
  }

  /** Waits that long, or until a time that was asked for, or the signal. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    const end = this.clock.now() + milliseconds;
    const stop = (): void => this.waiting?.abort();
    signal.addEventListener('abort', stop, { once: true });
    while (!signal.aborted) {
      const now = this.clock.now();
      const next = Math.min(end, ...this.times);
      if (next <= now) break;
      this.waiting = new AbortController();
      await this.clock.wait(next - now, this.waiting.signal);
    }
    signal.removeEventListener('abort', stop);
    this.waiting = undefined;
    const now = this.clock.now();
    this.times = this.times.filter((time) => time > now);
  }
}
