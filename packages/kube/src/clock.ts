import { setTimeout as sleep } from 'node:timers/promises';

/** Time as the adapter sees it: tests pass one that does not wait. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after that many milliseconds, or as soon as the signal aborts. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine. What waits keeps the process alive: between two attempts nothing else may do so. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  wait: (milliseconds, signal) =>
    // An abort ends the wait early; whoever waits looks at the signal.
    sleep(milliseconds, undefined, signal && { signal }).catch(() => undefined),
};
