import type { KubeFailure } from './failure.ts';

/** How long to wait between attempts. */
export interface BackOffOptions {
  readonly firstMs: number;
  readonly longestMs: number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Ever longer waits with jitter, so that many clients do not come back at the same moment. */
export class BackOff {
  private readonly options: BackOffOptions;
  private attempts = 0;

  constructor(options: BackOffOptions) {
    this.options = options;
  }

  /** The next wait in milliseconds: at least what the server asked for, otherwise half to all of the present step. */
  next(failure?: Pick<KubeFailure, 'retryAfterMs'>): number {
    const { firstMs, longestMs, random } = this.options;
    const step = Math.min(longestMs, firstMs * 2 ** Math.min(this.attempts, 30));
    this.attempts++;
    const wait = step * (0.5 + random() / 2);
    const asked = Math.min(failure?.retryAfterMs ?? 0, LONGEST_ASKED_MS);
    return asked > wait ? asked + random() * firstMs : wait;
  }

  /** To be called after a success. */
  reset(): void {
    this.attempts = 0;
  }
}

/** A server that asks for more is asked again all the same: hours of blindness help nobody. */
const LONGEST_ASKED_MS = 300_000;
