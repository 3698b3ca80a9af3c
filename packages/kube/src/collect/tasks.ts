/** Tasks that run side by side and end together: when the caller gives up, or when one of them throws. */
export class Tasks {
  private readonly ending = new AbortController();
  private readonly children = new Set<AbortController>();
  private readonly running = new Set<Promise<void>>();
  private fault: { readonly error: unknown } | undefined;

  constructor(signal: AbortSignal) {
    if (signal.aborted) this.end();
    else signal.addEventListener('abort', () => this.end(), { once: true });
  }

  /** Aborts when the tasks have to end. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }

  /** A controller that aborts with all others, and can be aborted alone. */
  child(): AbortController {
    const controller = new AbortController();
    if (this.signal.aborted) controller.abort();
    this.children.add(controller);
    controller.signal.addEventListener('abort', () => this.children.delete(controller), { once: true });
    return controller;
  }

  /** Starts a task; the promise resolves when it has ended, and never rejects. */
  start(task: () => Promise<void>): Promise<void> {
    const running = task()
      .catch((error: unknown) => {
        this.fault ??= { error };
        this.end();
      })
      .finally(() => this.running.delete(running));
    this.running.add(running);
    return running;
  }

  /** Resolves when all tasks have ended; throws what the first of them threw. */
  async ended(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
    if (this.fault !== undefined) throw this.fault.error;
  }

  private end(): void {
    this.ending.abort();
    for (const child of this.children) child.abort();
  }
}
