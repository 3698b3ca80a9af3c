import { isAway, isPassing, LeaseLost, type WriteFault, whyNotWritten } from '@bulwark/store';

export interface PersistOptions {
  /** When it aborts, nothing is waited for any more. */
  readonly signal?: AbortSignal;
  readonly wait: (milliseconds: number) => Promise<void>;
  /**
   * Told why the database takes nothing where it does not the second time either, and of each other reason; undefined when it does
   * again. It is waited for.
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
  let failed = 0;
  let passing = 0;
  let told: string | undefined;
  for (;;) {
    try {
      const value = await act();
      if (told !== undefined) await onDatabase(undefined);
      return value;
    } catch (error) {
      const isLost = error instanceof LeaseLost;
      const mayPass = isPassing(error) && ++passing <= MOST_PASSING;
      if (signal?.aborted === true || !(isLost || mayPass || isAway(error))) throw error;
      if (!isLost) failed++;
      const fault = whyNotWritten(error);
      // A connection that broke is nothing to tell of: the next one may work.
      if (!isLost && failed > 1 && fault.reason !== told) {
        told = fault.reason;
        await onDatabase(fault);
      }
      await wait(RETRY_MS);
    }
  }
}
