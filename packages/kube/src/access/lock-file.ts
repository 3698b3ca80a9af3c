import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a lock is taken. All in milliseconds. */
export interface LockOptions {
  /** How long another holder is waited for. */
  readonly withinMs: number;
  /** A holder that has had it for longer has died; undefined where one is never passed over. */
  readonly longestMs?: number;
  /** Ends the wait for another holder. */
  readonly signal?: AbortSignal;
}

/** A lock that is held, or why there is none: `taken` by another, or `impossible` as nothing can be written there. */
export type Lock = { readonly release: () => void } | 'taken' | 'impossible';

const AGAIN_MS = 50;

/** Takes a lock that is a file: whoever makes it holds it. */
export async function lockFile(path: string, { withinMs, longestMs, signal }: LockOptions): Promise<Lock> {
  const until = Date.now() + withinMs;
  for (;;) {
    try {
      const since = Date.now();
      closeSync(openSync(path, 'wx', 0o600));
      // After a sleep of the machine it may be that of another one, who has passed over it.
      const isOurs = (): boolean => longestMs === undefined || Date.now() - since <= longestMs;
      return { release: () => isOurs() && remove(path) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return 'impossible';
    }
    if (longestMs !== undefined && ageOf(path) > longestMs && remove(path)) continue;
    if (Date.now() >= until || signal?.aborted === true) return 'taken';
    else await sleep(AGAIN_MS);
  }
}

function ageOf(path: string): number {
  const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return since === undefined ? 0 : Date.now() - since;
}

function remove(path: string): boolean {
  try {
    rmSync(path, { force: true });
    return true;
  } catch {
    // The folder may be written no longer; whoever finds the lock says that it is there.
    return false;
  }
}
