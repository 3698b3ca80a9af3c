import { redactText } from '@bulwark/core';
import { isAway, whyNothingIsTaken } from '@bulwark/store';
import type { Check } from './handlers/check.ts';

/** What one hub on a database does for all clusters together, again and again, and what it is good for. */
export const JOBS = {
  messages: 'Sends what is to be told, and what was not taken once more.',
  retention:
    'Drops what is older than the days that are kept, keeps the sums of each midnight, and masks what earlier versions did not.',
  backup: 'Writes the backup of the day, and keeps those of a week.',
  presence:
    'Says of clusters that no hub watches that they are away, and puts what is decided to what is stored of them.',
} as const;
export type JobName = keyof typeof JOBS;

const HOUR_MS = 3_600_000;
/** What is done again sooner would tell of itself all the time. */
const OFTEN_MS = 60_000;

interface Run {
  readonly began: Date;
  /** Why it failed, in a sentence; undefined where it did not. */
  readonly error: string | undefined;
}

export interface JobOptions {
  readonly now: () => Date;
  /** When it is due again. */
  readonly next: (ended: Date, hasFailed: boolean) => Date;
  /** When it is due first, where that is not at once. */
  readonly first?: Date;
  /** When it was last done before this hub was started, where that can be told. */
  readonly lastDone?: Date | undefined;
  /** How many hours may pass until it is done again; as many as it likes where it is undefined. */
  readonly withinHours?: number;
  /** Told when a run is over: of what is done often, only where something else became of it than of the one before. */
  readonly onEnd?: (() => void) | undefined;
}

/** A job of this hub, and what became of it since the hub was started. */
export class Job {
  readonly name: JobName;
  /** The last run that is over. */
  last: Run | undefined;
  lastDone: Date | undefined;
  next: Date | undefined;
  isRunning = false;
  private readonly options: JobOptions;
  private readonly started: Date;

  constructor(name: JobName, options: JobOptions) {
    this.name = name;
    this.options = options;
    this.started = options.now();
    this.next = options.first;
    this.lastDone = options.lastDone;
    this.last = this.lastDone && { began: this.lastDone, error: undefined };
  }

  /** Whether it was not done in time, where that matters; this hub has that much time, too. */
  get timeliness(): 'late' | 'in time' | undefined {
    const { now, withinHours } = this.options;
    if (withinHours === undefined) return undefined;
    const moment = now().getTime();
    // A moment to come was noted by a clock that was ahead: until then, nothing would be late.
    const known = [this.started.getTime(), this.lastDone?.getTime() ?? 0].filter((each) => each <= moment);
    return moment - Math.max(0, ...known) > withinHours * HOUR_MS ? 'late' : 'in time';
  }

  /**
   * Does it once, and keeps what became of it.
   *
   * @param act is given what notes why a part of it failed, where it goes on with the others; answers false where it finds that
   *   nothing has to be done: that is no run.
   * @throws what it throws.
   */
  async run(act: (note: (cause: unknown) => void) => Promise<unknown>): Promise<void> {
    const { now, next } = this.options;
    const began = now();
    const before = this.last?.error;
    let error: string | undefined;
    const note = (cause: unknown): void => {
      error ??= sentenceOf(cause);
      this.last = { began, error };
    };
    this.isRunning = true;
    try {
      const answer = await act(note);
      if (error === undefined) {
        if (answer !== false) this.lastDone = began;
        this.last = this.lastDone && { began: this.lastDone, error: undefined };
      }
    } catch (cause) {
      note(cause);
      throw cause;
    } finally {
      this.isRunning = false;
      this.next = next(now(), error !== undefined);
      const isOften = this.next.getTime() - now().getTime() < OFTEN_MS;
      if (error !== before || !isOften) this.options.onEnd?.();
    }
  }
}

/** Due again after a rest, whatever became of it. */
export function after(milliseconds: number): JobOptions['next'] {
  return (ended) => new Date(ended.getTime() + milliseconds);
}

function sentenceOf(cause: unknown): string {
  if (isAway(cause)) return whyNothingIsTaken(cause) ?? 'The database does not answer.';
  const text = redactText(cause instanceof Error ? cause.message : 'unknown');
  return text.endsWith('.') ? text : `${text}.`;
}

/** What health says of a job: that it has failed, if it has, and when one was done that has to be done in time. */
export function checksOf({ name, last, lastDone, next, timeliness }: Job): readonly Check[] {
  const hasFailed = last?.error !== undefined;
  if (!hasFailed && timeliness === undefined) return [];
  const said = [
    hasFailed && `failed at ${last.began.toISOString()}: ${last.error}`,
    hasFailed && next !== undefined && `It is tried again at ${next.toISOString()}.`,
    timeliness !== undefined &&
      (lastDone === undefined ? 'Not done yet.' : `Last done at ${lastDone.toISOString()}.`),
  ];
  const status = hasFailed || timeliness === 'late' ? 'degraded' : 'ok';
  return [{ name, status, detail: said.filter((each) => each !== false).join(' ') }];
}
