import { redactText } from '@bulwark/core';
import { isAway } from '@bulwark/store';
import type { Check } from './handlers/check.ts';

/** What one hub on a database does for all clusters together, again and again, and what it is good for. */
export const JOBS = {
  messages: 'Sends what is to be told, and what was not taken once more.',
  retention: 'Drops what is older than the days that are kept, and keeps the sums of each midnight.',
  backup: 'Writes the backup of the day, and keeps those of a week.',
  presence: 'Says of clusters that no hub watches that they are away.',
} as const;
export type JobName = keyof typeof JOBS;

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

  constructor(name: JobName, options: JobOptions) {
    this.name = name;
    this.options = options;
    this.next = options.first;
    this.lastDone = options.lastDone;
    this.last = this.lastDone && { began: this.lastDone, error: undefined };
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
    }
  }
}

/** Due again after a rest, whatever became of it. */
export function after(milliseconds: number): JobOptions['next'] {
  return (ended) => new Date(ended.getTime() + milliseconds);
}

/** What says that a file could not be written, where others of the system say so of the database. */
const OF_FILES: ReadonlySet<unknown> = new Set(
  'EACCES EDQUOT EEXIST EIO EISDIR EMFILE ENOENT ENOSPC ENOTDIR EPERM EROFS'.split(' '),
);

function sentenceOf(cause: unknown): string {
  const { code } = cause as { readonly code?: unknown };
  if (isAway(cause) && !OF_FILES.has(code)) return 'The database does not answer.';
  const text = redactText(cause instanceof Error ? cause.message : 'unknown');
  return text.endsWith('.') ? text : `${text}.`;
}

/** What health says of a job: that it has failed, if it has. */
export function checksOf({ name, last, next }: Job): readonly Check[] {
  if (last?.error === undefined) return [];
  const again = next === undefined ? '' : ` It is tried again at ${next.toISOString()}.`;
  return [
    { name, status: 'degraded', detail: `failed at ${last.began.toISOString()}: ${last.error}${again}` },
  ];
}
