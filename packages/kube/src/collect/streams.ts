/** The watches that are under way, so that they can be cut together. */
export class Streams {
  private readonly open = new Set<AbortController>();

  /** Runs a task with a signal that aborts when the given one does, and when the streams are cut. */
  async run<T>(signal: AbortSignal, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const stop = (): void => controller.abort();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    this.open.add(controller);
    try {
      return await task(controller.signal);
    } finally {
      this.open.delete(controller);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Ends all watches that are under way. */
  cut(): void {
    for (const controller of this.open) controller.abort();
  }
}
