import { isAway, LeaseLost } from '@bulwark/store';

export interface PersistOptions {
  /** When it aborts, nothing is waited for any more. */
  readonly signal?: AbortSignal;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Told when the database does not answer, and when it does again. */
  readonly onDatabase: (isAway: boolean) => void;
}

const RETRY_MS = 1000;

/**
 * Tries until the database answers and this hub holds the lease. What is wrong for another reason, or when everything
 * stops, is thrown.
 */
export async function persist<T>(
  { signal, wait, onDatabase }: PersistOptions,
  act: () => Promise<T>,
): Promise<T> {
  let wasAway = false;
  for (;;) {
    try {
      const value = await act();
      if (wasAway) onDatabase(false);
      return value;
    } catch (error) {
      const isLost = error instanceof LeaseLost;
      if (signal?.aborted === true || !(isLost || isAway(error))) throw error;
      if (!isLost && !wasAway) onDatabase(true);
      wasAway ||= !isLost;
      await wait(RETRY_MS);
    }
  }
}
