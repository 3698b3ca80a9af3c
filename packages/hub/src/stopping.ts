import { setTimeout as sleep } from 'node:timers/promises';
import { databaseFault, type Store } from '@bulwark/store';

/** How long what is under way may take to end by itself, in milliseconds. */
export const GRACE_MS = 1000;
const SILENT_MS = 800;
const AGAIN_MS = 200;

/**
 * Breaks off what still waits for the database a second after everything was told to stop. What is written is written in
 * whole transactions, so that it can be broken off anywhere; only of what was sent it is noted first that it was, as long as
 * the database answers: it would be sent again.
 */
export async function breakOffSoon(
  store: Store,
  { breaking, sent }: { readonly breaking: AbortController; readonly sent: Promise<void> },
): Promise<void> {
  await Promise.all([
    sleep(GRACE_MS, undefined, { ref: false }),
    Promise.race([sent, untilSilent(store, breaking.signal)]),
  ]);
  breaking.abort();
}

async function untilSilent(store: Store, signal: AbortSignal): Promise<void> {
  for (;;) {
    const fault = await Promise.race([
      databaseFault(store, SILENT_MS),
      // A connection to ask over may be waited for, too.
      sleep(SILENT_MS, 'silent', { ref: false }),
    ]);
    if (fault !== undefined || signal.aborted) return;
    await sleep(AGAIN_MS, undefined, { ref: false });
  }
}
