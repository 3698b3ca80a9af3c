import { isAway, isPassing, LeaseLost, type WriteFault, whyNotWritten } from '@bulwark/store';

export interface PersistOptions {
  /** When it aborts, nothing is waited for any more. */
  readonly signal?: AbortSignal;
  readonly wait: (milliseconds: number) => Promise<void>;
  /**
   * Told why the database takes nothing where it does not the second time either, and of each other reason that comes twice in a row;
   * undefined when it does again. It is waited for.
   */
  readonly onDatabase: (fault: WriteFault | undefined) => unknown;
}

const RETRY_MS = 1000;
/** Where it is refused for longer, everything is read anew. */
const MOST_PASSING = 3;

/**
 * Tries until the database answers and this hub holds the lease; what may pass, such as a deadlock, a few times. What is wrong for
 * another reason, or when everything stops, is thrown.
 */
export async function persist<T>(
  { signal, wait, onDatabase }: PersistOptions,
  act: () => Promise<T>,
): Promise<T> {
  const reasons = new Reasons();
  let passing = 0;
  for (;;) {
    try {
      const value = await act();
      if (reasons.told !== undefined) await onDatabase(undefined);
      return value;
    } catch (error) {
      const isLost = error instanceof LeaseLost;
      const mayPass = isPassing(error) && ++passing <= MOST_PASSING;
      if (signal?.aborted === true || !(isLost || mayPass || isAway(error))) throw error;
      const fault = whyNotWritten(error);
      if (!isLost && reasons.isToTell(fault.reason)) await onDatabase(fault);
      await wait(RETRY_MS);
    }
  }
}

/** Why something failed, again and again. */
class Reasons {
  /** What was told last. */
  told: string | undefined;
  private last: string | undefined;
  private count = 0;

  /**
   * Notes the next one. A connection that broke is nothing to tell of: the next one may work. Where reasons take turns, one of them says
   * enough.
   */
  isToTell(reason: string): boolean {
    const isAgain = reason === this.last;
    this.last = reason;
    const isNews = ++this.count > 1 && reason !== this.told && (this.told === undefined || isAgain);
    if (isNews) this.told = reason;
    return isNews;
  }
}
