import { setTimeout as sleep } from 'node:timers/promises';

/** Time as the adapter sees it: tests pass one that does not wait. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after that many milliseconds, or as soon as the signal aborts. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine. Waiting does not keep the process alive. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  wait: (milliseconds, signal) =>
    // An abort ends the wait early; whoever waits looks at the signal.
    sleep(milliseconds, undefined, { ref: false, ...(signal !== undefined && { signal }) }).catch(
      () => undefined,
    ),
};
